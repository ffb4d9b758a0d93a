import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sets of runs that answer one question. */
export class Experiments1796050000000 implements MigrationInterface {
  name = 'Experiments1796050000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "experiment" (
         "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
         "name" text NOT NULL,
         "state" text NOT NULL DEFAULT 'ACTIVE',
         "plan" jsonb NOT NULL,
         "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
         CONSTRAINT "experiment_pk" PRIMARY KEY ("row"),
         CONSTRAINT "experiment_name" UNIQUE ("name")
       )`,
    );
    await queryRunner.query(
      `CREATE TABLE "experiment_run" (
         "experiment_row" integer NOT NULL,
         "arm" text NOT NULL,
         "seed" integer NOT NULL,
         "run_row" integer,
         "reused" boolean NOT NULL,
         CONSTRAINT "experiment_run_pk" PRIMARY KEY ("experiment_row", "arm", "seed"),
         CONSTRAINT "experiment_run_experiment_fk" FOREIGN KEY ("experiment_row") REFERENCES "experiment"("row") ON DELETE CASCADE,
         CONSTRAINT "experiment_run_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run"("row") ON DELETE SET NULL
       )`,
    );
    await queryRunner.query(`CREATE INDEX "experiment_run_run" ON "experiment_run" ("run_row")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "experiment_run"`);
    await queryRunner.query(`DROP TABLE "experiment"`);
  }
}
