import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Parts of recorded runs whose samples' rows are still to be written. */
export class LateRows1796020100000 implements MigrationInterface {
  name = 'LateRows1796020100000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "recorded_part" ADD COLUMN "in_rows" boolean NOT NULL DEFAULT true`);
    await queryRunner.query(`CREATE INDEX "recorded_part_late" ON "recorded_part" ("run_row") WHERE NOT "in_rows"`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "recorded_part_late"`);
    await queryRunner.query(`ALTER TABLE "recorded_part" DROP COLUMN "in_rows"`);
  }
}
