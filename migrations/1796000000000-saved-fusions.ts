import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fusion settings that trainings start from. */
export class SavedFusions1796000000000 implements MigrationInterface {
  name = 'SavedFusions1796000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE "saved_fusion" (
      "row" integer GENERATED ALWAYS AS IDENTITY,
      "name" text NOT NULL,
      "dataset_row" integer NOT NULL,
      "settings" jsonb NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "saved_fusion_pk" PRIMARY KEY ("row"),
      CONSTRAINT "saved_fusion_name" UNIQUE ("dataset_row", "name"),
      CONSTRAINT "saved_fusion_dataset_fk" FOREIGN KEY ("dataset_row") REFERENCES "dataset" ("row") ON DELETE CASCADE
    )`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "saved_fusion"');
  }
}
