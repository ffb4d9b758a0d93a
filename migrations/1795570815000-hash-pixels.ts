import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Samples know the hash of their pixels. Those imported before have none. */
export class HashPixels1795570815000 implements MigrationInterface {
  name = 'HashPixels1795570815000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "sample" ADD COLUMN "pixel_hash" uuid');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE "sample" DROP COLUMN "pixel_hash"');
  }
}
