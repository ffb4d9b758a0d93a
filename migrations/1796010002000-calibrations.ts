import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How probabilities of a checkpoint are made as sure as they are right. */
export class Calibrations1796010002000 implements MigrationInterface {
  name = 'Calibrations1796010002000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TYPE "scaling_method" AS ENUM ('TEMPERATURE', 'VECTOR')`);
    await queryRunner.query(`CREATE TYPE "scaling_target" AS ENUM ('LABELS', 'VOTES')`);
    await queryRunner.query(
      `CREATE TABLE "calibration" (
         "row" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
         "model_row" integer NOT NULL,
         "sha256" text NOT NULL,
         "epoch" integer NOT NULL,
         "method" "scaling_method" NOT NULL,
         "target" "scaling_target" NOT NULL,
         "samples" integer NOT NULL,
         "factors" double precision array NOT NULL,
         "offsets" double precision array NOT NULL,
         "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
         CONSTRAINT "calibration_pkey" PRIMARY KEY ("row"),
         CONSTRAINT "calibration_unique" UNIQUE ("model_row", "sha256", "method", "target"),
         CONSTRAINT "calibration_model" FOREIGN KEY ("model_row") REFERENCES "model"("row") ON DELETE CASCADE
       )`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "calibration"`);
    await queryRunner.query(`DROP TYPE "scaling_target"`);
    await queryRunner.query(`DROP TYPE "scaling_method"`);
  }
}
