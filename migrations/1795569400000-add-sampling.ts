import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs from before there was a choice visited every training sample. */
export class AddSampling1795569400000 implements MigrationInterface {
  name = 'AddSampling1795569400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`UPDATE "training_run" SET "configuration" = "configuration" || '{"sampling": "SHUFFLE"}'`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`UPDATE "training_run" SET "configuration" = "configuration" - 'sampling'`);
  }
}
