import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every step of an epoch reported, packed: a row an epoch. */
export class KeepSteps1796030000000 implements MigrationInterface {
  name = 'KeepSteps1796030000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "epoch_steps" (
         "run_row" integer NOT NULL,
         "epoch" integer NOT NULL,
         "steps" integer NOT NULL,
         "stride" integer NOT NULL,
         "data" bytea NOT NULL,
         CONSTRAINT "epoch_steps_pk" PRIMARY KEY ("run_row", "epoch"),
         CONSTRAINT "epoch_steps_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
       )`,
    );
    // Floats hardly shrink: compressing them would only cost time.
    await queryRunner.query(`ALTER TABLE "epoch_steps" ALTER COLUMN "data" SET STORAGE EXTERNAL`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "epoch_steps"`);
  }
}
