import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pooled features of runs, and what they are reduced to. */
export class FeaturesAndEmbeddings1796000100000 implements MigrationInterface {
  name = 'FeaturesAndEmbeddings1796000100000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "feature_chunk" (
      "run_row" integer NOT NULL,
      "epoch" integer NOT NULL,
      "split" "split" NOT NULL,
      "chunk" integer NOT NULL,
      "width" integer NOT NULL,
      "data" bytea NOT NULL,
      CONSTRAINT "feature_chunk_pk" PRIMARY KEY ("run_row", "epoch", "split", "chunk"),
      CONSTRAINT "feature_chunk_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
    )`);
    await queryRunner.query(`CREATE TABLE "embedding" (
      "row" integer GENERATED ALWAYS AS IDENTITY,
      "run_row" integer NOT NULL,
      "epoch" integer NOT NULL,
      "state" text NOT NULL,
      "seed" integer NOT NULL,
      "feature_count" integer,
      "components" integer,
      "variance_kept" double precision,
      "seconds" double precision,
      "error" text,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "taken_at" timestamptz,
      CONSTRAINT "embedding_pk" PRIMARY KEY ("row"),
      CONSTRAINT "embedding_run_epoch" UNIQUE ("run_row", "epoch"),
      CONSTRAINT "embedding_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
    )`);
    await queryRunner.query(`CREATE TABLE "embedding_part" (
      "embedding_row" integer NOT NULL,
      "split" "split" NOT NULL,
      "components" bytea NOT NULL,
      "places" bytea NOT NULL,
      CONSTRAINT "embedding_part_pk" PRIMARY KEY ("embedding_row", "split"),
      CONSTRAINT "embedding_part_embedding_fk" FOREIGN KEY ("embedding_row") REFERENCES "embedding" ("row") ON DELETE CASCADE
    )`);
    // Features and places look random to a compressor.
    for (const [table, column] of [
      ['feature_chunk', 'data'],
      ['embedding_part', 'components'],
      ['embedding_part', 'places'],
    ])
      await queryRunner.query(`ALTER TABLE "${table}" ALTER COLUMN "${column}" SET STORAGE EXTERNAL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['embedding_part', 'embedding', 'feature_chunk'])
      await queryRunner.query(`DROP TABLE "${table}"`);
  }
}
