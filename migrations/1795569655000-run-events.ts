import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to runs, in the order in which it was committed: subscribers read on from the last thing they saw. */
export class RunEvents1795569655000 implements MigrationInterface {
  name = 'RunEvents1795569655000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TYPE "run_event_kind" AS ENUM ('STATE', 'PROGRESS', 'EPOCH', 'CANCEL')`);
    await queryRunner.query(`CREATE TABLE "run_event" (
      "id" bigint GENERATED ALWAYS AS IDENTITY,
      "run_row" integer NOT NULL,
      "kind" "run_event_kind" NOT NULL,
      "state" "run_state" NOT NULL,
      "epoch" integer,
      "progress" jsonb,
      "at" timestamptz NOT NULL DEFAULT clock_timestamp(),
      CONSTRAINT "run_event_pk" PRIMARY KEY ("id"),
      CONSTRAINT "run_event_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
    )`);
    await queryRunner.query(`CREATE INDEX "run_event_run" ON "run_event" ("run_row", "id")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "run_event"`);
    await queryRunner.query(`DROP TYPE "run_event_kind"`);
  }
}
