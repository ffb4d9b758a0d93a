import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports that the server does in the background. */
export class ImportJobs1795571844000 implements MigrationInterface {
  name = 'ImportJobs1795571844000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TYPE "import_state" AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')`,
    );
    await queryRunner.query(`CREATE TABLE "import_job" (
      "row" integer GENERATED ALWAYS AS IDENTITY,
      "state" "import_state" NOT NULL DEFAULT 'QUEUED',
      "request" jsonb NOT NULL,
      "format" text,
      "name" text NOT NULL,
      "source" text NOT NULL,
      "progress" jsonb,
      "error" jsonb,
      "unchanged" boolean NOT NULL DEFAULT false,
      "cancel_requested" boolean NOT NULL DEFAULT false,
      "dataset_row" integer,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      "started_at" timestamptz,
      "finished_at" timestamptz,
      CONSTRAINT "import_job_pk" PRIMARY KEY ("row"),
      CONSTRAINT "import_job_dataset_fk" FOREIGN KEY ("dataset_row") REFERENCES "dataset" ("row") ON DELETE SET NULL
    )`);
    await queryRunner.query(`CREATE INDEX "import_job_dataset" ON "import_job" ("dataset_row")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "import_job"');
    await queryRunner.query('DROP TYPE "import_state"');
  }
}
