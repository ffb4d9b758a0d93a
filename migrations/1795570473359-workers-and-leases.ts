import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WorkersAndLeases1795570473359 implements MigrationInterface {
  name = 'WorkersAndLeases1795570473359';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "run_log"');
    await queryRunner.query('ALTER TABLE "training_run" DROP CONSTRAINT "training_run_worker_fk"');
    for (const column of [
      'wanted_worker',
      'lease',
      'lease_until',
      'worker_row',
      'losses',
      'code_version',
      'packages',
    ]) {
      await queryRunner.query(`ALTER TABLE "training_run" DROP COLUMN "${column}"`);
    }
    await queryRunner.query('DROP TABLE "worker"');
  }
}

const statements = [
  `CREATE TABLE "worker" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "host" text NOT NULL,
    "pid" integer NOT NULL,
    "backend" text NOT NULL,
    "device" text NOT NULL,
    "threads" integer NOT NULL,
    "memory_bytes" double precision NOT NULL,
    "passed_over" jsonb NOT NULL,
    "code_version" text NOT NULL,
    "images_per_second" double precision,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "last_seen" timestamptz NOT NULL DEFAULT now(),
    "stopped_at" timestamptz,
    CONSTRAINT "worker_pk" PRIMARY KEY ("row")
  )`,
  `CREATE INDEX "worker_last_seen" ON "worker" ("last_seen")`,
  `ALTER TABLE "training_run"
    ADD "wanted_worker" text NOT NULL DEFAULT 'ANY',
    ADD "lease" integer NOT NULL DEFAULT 0,
    ADD "lease_until" timestamptz,
    ADD "worker_row" integer,
    ADD "losses" integer NOT NULL DEFAULT 0,
    ADD "code_version" text,
    ADD "packages" jsonb NOT NULL DEFAULT '[]',
    ADD CONSTRAINT "training_run_worker_fk" FOREIGN KEY ("worker_row") REFERENCES "worker" ("row") ON DELETE SET NULL`,
  `CREATE INDEX "training_run_lease_until" ON "training_run" ("lease_until")`,
  `CREATE INDEX "training_run_worker" ON "training_run" ("worker_row")`,
  // Whoever had these runs knew nothing of leases and is gone: they go back to the queue.
  `UPDATE "training_run" SET "lease_until" = now() WHERE "state" = 'RUNNING'`,
  `CREATE TABLE "run_log" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "run_row" integer NOT NULL,
    "level" text NOT NULL,
    "text" text NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "run_log_pk" PRIMARY KEY ("row"),
    CONSTRAINT "run_log_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
  )`,
  `CREATE INDEX "run_log_run" ON "run_log" ("run_row", "row")`,
];
