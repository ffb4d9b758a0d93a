import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files are found by the id of their data directory, not by where it lay. Rows of before are found out when the
 * directory is next used.
 */
export class KnownStores1795579200000 implements MigrationInterface {
  name = 'KnownStores1795579200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE "known_store" ("id" uuid NOT NULL, "known_since" timestamptz NOT NULL DEFAULT now(), CONSTRAINT "known_store_pk" PRIMARY KEY ("id"))',
    );
    await queryRunner.query('ALTER TABLE "dataset" ADD "image_store" uuid');
    await queryRunner.query('ALTER TABLE "checkpoint" ADD "store" uuid');
  }

  /** Absolute paths that were made relative stay so. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "checkpoint" DROP COLUMN "store"');
    await queryRunner.query('ALTER TABLE "dataset" DROP COLUMN "image_store"');
    await queryRunner.query('DROP TABLE "known_store"');
  }
}
