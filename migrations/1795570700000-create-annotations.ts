import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people decide on labels. */
export class CreateAnnotations1795570700000 implements MigrationInterface {
  name = 'CreateAnnotations1795570700000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TYPE "annotation_action" AS ENUM ('RELABEL', 'CONFIRM', 'SKIP')`);
    await queryRunner.query(`CREATE TABLE "annotation" (
      "row" integer GENERATED ALWAYS AS IDENTITY,
      "dataset_row" integer NOT NULL,
      "sample_row" integer NOT NULL,
      "label_set_row" integer,
      "action" "annotation_action" NOT NULL,
      "from_label" smallint,
      "to_label" smallint,
      "distribution" real[],
      "author" text,
      "note" text,
      "run_row" integer,
      "score" real,
      "batch" text NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "undone_at" timestamptz,
      CONSTRAINT "annotation_pk" PRIMARY KEY ("row"),
      CONSTRAINT "annotation_sample_fk" FOREIGN KEY ("sample_row") REFERENCES "sample" ("row") ON DELETE CASCADE,
      CONSTRAINT "annotation_label_set_fk" FOREIGN KEY ("label_set_row") REFERENCES "label_set" ("row") ON DELETE SET NULL
    )`);
    await queryRunner.query(`CREATE INDEX "annotation_dataset" ON "annotation" ("dataset_row", "row")`);
    await queryRunner.query(`CREATE INDEX "annotation_batch" ON "annotation" ("dataset_row", "batch")`);
    await queryRunner.query(`CREATE INDEX "annotation_sample" ON "annotation" ("sample_row")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "annotation"');
    await queryRunner.query('DROP TYPE "annotation_action"');
  }
}
