import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Samples that people pick and give a name. */
export class SampleLists1795970000000 implements MigrationInterface {
  name = 'SampleLists1795970000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "sample_list" (
         "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
         "dataset_row" integer NOT NULL,
         "name" text NOT NULL,
         "note" text,
         "size" integer NOT NULL,
         "sample_rows" integer array NOT NULL,
         "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
         CONSTRAINT "sample_list_pkey" PRIMARY KEY ("row"),
         CONSTRAINT "sample_list_dataset" FOREIGN KEY ("dataset_row") REFERENCES "dataset"("row") ON DELETE CASCADE
       )`,
    );
    await queryRunner.query(`CREATE UNIQUE INDEX "sample_list_name_unique" ON "sample_list" ("dataset_row", "name")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "sample_list"`);
  }
}
