import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signs that a training goes wrong are told when they show. */
export class FindingsAsEvents1796010004000 implements MigrationInterface {
  name = 'FindingsAsEvents1796010004000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TYPE "run_event_kind" ADD VALUE 'FINDING'`);
    await queryRunner.query(`ALTER TABLE "run_event" ADD "finding" jsonb`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM "run_event" WHERE "kind" = 'FINDING'`);
    await queryRunner.query(`ALTER TABLE "run_event" DROP COLUMN "finding"`);
    await queryRunner.query(`ALTER TYPE "run_event_kind" RENAME TO "run_event_kind_before"`);
    await queryRunner.query(`CREATE TYPE "run_event_kind" AS ENUM ('STATE', 'PROGRESS', 'EPOCH', 'CANCEL')`);
    await queryRunner.query(
      `ALTER TABLE "run_event" ALTER COLUMN "kind" TYPE "run_event_kind" USING "kind"::text::"run_event_kind"`,
    );
    await queryRunner.query(`DROP TYPE "run_event_kind_before"`);
  }
}
