import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What else is known of a sample: how its picture looks, and further columns of its source. */
export class SampleDetails1796010003000 implements MigrationInterface {
  name = 'SampleDetails1796010003000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "sample_detail" (
         "sample_row" integer NOT NULL,
         "brightness" real NOT NULL,
         "sharpness" real NOT NULL,
         "attributes" jsonb,
         CONSTRAINT "sample_detail_pkey" PRIMARY KEY ("sample_row"),
         CONSTRAINT "sample_detail_sample" FOREIGN KEY ("sample_row") REFERENCES "sample"("row") ON DELETE CASCADE
       )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "sample_detail"`);
  }
}
