import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who chose what, where a data set says so. */
export class Raters1796010001000 implements MigrationInterface {
  name = 'Raters1796010001000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "rater" (
         "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
         "dataset_row" integer NOT NULL,
         "name" text NOT NULL,
         "ratings" integer NOT NULL,
         CONSTRAINT "rater_pkey" PRIMARY KEY ("row"),
         CONSTRAINT "rater_name_unique" UNIQUE ("dataset_row", "name"),
         CONSTRAINT "rater_dataset" FOREIGN KEY ("dataset_row") REFERENCES "dataset"("row") ON DELETE CASCADE
       )`,
    );
    await queryRunner.query(
      `CREATE TABLE "rating" (
         "row" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
         "sample_row" integer NOT NULL,
         "rater_row" integer NOT NULL,
         "label" smallint NOT NULL,
         CONSTRAINT "rating_pkey" PRIMARY KEY ("row"),
         CONSTRAINT "rating_sample" FOREIGN KEY ("sample_row") REFERENCES "sample"("row") ON DELETE CASCADE,
         CONSTRAINT "rating_rater" FOREIGN KEY ("rater_row") REFERENCES "rater"("row") ON DELETE CASCADE
       )`,
    );
    await queryRunner.query(`CREATE INDEX "rating_of_sample" ON "rating" ("sample_row")`);
    await queryRunner.query(`CREATE INDEX "rating_of_rater" ON "rating" ("rater_row")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "rating"`);
    await queryRunner.query(`DROP TABLE "rater"`);
  }
}
