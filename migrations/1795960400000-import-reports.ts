import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports that took nothing keep their reports. */
export class ImportReports1795960400000 implements MigrationInterface {
  name = 'ImportReports1795960400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE import_job ADD COLUMN report jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE import_job DROP COLUMN report');
  }
}
