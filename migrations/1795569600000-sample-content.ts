import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a sample's image holds: the hash of its bytes, and the action units of the face where they are known. */
export class SampleContent1795569600000 implements MigrationInterface {
  name = 'SampleContent1795569600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "sample" ADD "content_hash" text, ADD "action_units" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "sample" DROP COLUMN "action_units", DROP COLUMN "content_hash"`);
  }
}
