import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of weights that are attached to runs trained elsewhere. */
export class RecordedWeights1796020200000 implements MigrationInterface {
  name = 'RecordedWeights1796020200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "recorded_weights" (
      "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
      "run_row" integer NOT NULL,
      "epoch" integer,
      "file_name" text NOT NULL,
      "sha256" text NOT NULL,
      "bytes" double precision NOT NULL,
      "store" uuid NOT NULL,
      "path" text NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "recorded_weights_pk" PRIMARY KEY ("row"),
      CONSTRAINT "recorded_weights_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
    )`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "recorded_weights_content_unique" ON "recorded_weights" ("run_row", "sha256")`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "recorded_weights"`);
  }
}
