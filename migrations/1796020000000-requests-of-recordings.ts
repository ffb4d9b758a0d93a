import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A request under a key that a server left without a result is told from one under way, and begins no second run. */
export class RequestsOfRecordings1796020000000 implements MigrationInterface {
  name = 'RequestsOfRecordings1796020000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "idempotency_key" ADD COLUMN "held_until" timestamptz NOT NULL DEFAULT now()`);
    await queryRunner.query(`ALTER TABLE "idempotency_key" ALTER COLUMN "held_until" DROP DEFAULT`);
    await queryRunner.query(`ALTER TABLE "training_run" ADD COLUMN "recording_request" text`);
    await queryRunner.query(
      `CREATE UNIQUE INDEX "training_run_recording_request_unique" ON "training_run" ("recording_request")`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "training_run" DROP COLUMN "recording_request"`);
    await queryRunner.query(`ALTER TABLE "idempotency_key" DROP COLUMN "held_until"`);
  }
}
