import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Trainings that judge each sample by a model that never saw it. */
export class CrossFits1796010000000 implements MigrationInterface {
  name = 'CrossFits1796010000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "cross_fit" (
         "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
         "name" text NOT NULL,
         "dataset_row" integer NOT NULL,
         "label_set_row" integer NOT NULL,
         "subjects_kept_whole" boolean NOT NULL,
         "input" jsonb NOT NULL,
         "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
         CONSTRAINT "cross_fit_pkey" PRIMARY KEY ("row"),
         CONSTRAINT "cross_fit_dataset" FOREIGN KEY ("dataset_row") REFERENCES "dataset"("row") ON DELETE CASCADE,
         CONSTRAINT "cross_fit_label_set" FOREIGN KEY ("label_set_row") REFERENCES "label_set"("row") ON DELETE CASCADE
       )`,
    );
    await queryRunner.query(`CREATE INDEX "cross_fit_of_dataset" ON "cross_fit" ("dataset_row")`);
    await queryRunner.query(`CREATE INDEX "cross_fit_of_label_set" ON "cross_fit" ("label_set_row")`);
    await queryRunner.query(
      `CREATE TABLE "cross_fit_fold" (
         "cross_fit_row" integer NOT NULL,
         "number" integer NOT NULL,
         "sample_rows" integer array NOT NULL,
         "run_row" integer,
         CONSTRAINT "cross_fit_fold_pkey" PRIMARY KEY ("cross_fit_row", "number"),
         CONSTRAINT "cross_fit_fold_cross_fit" FOREIGN KEY ("cross_fit_row") REFERENCES "cross_fit"("row") ON DELETE CASCADE,
         CONSTRAINT "cross_fit_fold_run" FOREIGN KEY ("run_row") REFERENCES "training_run"("row") ON DELETE SET NULL
       )`,
    );
    await queryRunner.query(`CREATE INDEX "cross_fit_fold_of_run" ON "cross_fit_fold" ("run_row")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "cross_fit_fold"`);
    await queryRunner.query(`DROP TABLE "cross_fit"`);
  }
}
