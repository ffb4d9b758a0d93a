import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs from before there were switches were trained as the paper is written. */
const switches = {
  preset: null,
  sharpeningAxis: 'ROWS',
  miningImages: 'PLAIN',
  fusionScale: 'BATCH',
  fusedGradient: 'FLOWS',
  selection: 'VALIDATION',
  patience: null,
};

export class ProtocolAndRetraining1795572580256 implements MigrationInterface {
  name = 'ProtocolAndRetraining1795572580256';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`UPDATE "training_run" SET "configuration" = $1::jsonb || "configuration"`, [
      JSON.stringify(switches),
    ]);
    // A fallback as the authors' code has it divided columns too.
    await queryRunner.query(
      `UPDATE "training_run" SET "configuration" = "configuration" || '{"sharpeningAxis": "COLUMNS"}' WHERE "configuration"->>'fallback' = 'REFERENCE'`,
    );
    await queryRunner.query(`ALTER TABLE "training_run"
      ADD "parent_row" integer,
      ADD "initial_path" text,
      ADD "initial_sha256" text,
      ADD CONSTRAINT "training_run_parent_fk" FOREIGN KEY ("parent_row") REFERENCES "training_run" ("row") ON DELETE SET NULL`);
    await queryRunner.query(`CREATE INDEX "training_run_parent" ON "training_run" ("parent_row")`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const column of ['parent_row', 'initial_path', 'initial_sha256'])
      await queryRunner.query(`ALTER TABLE "training_run" DROP COLUMN "${column}"`);
    for (const name of Object.keys(switches))
      await queryRunner.query(`UPDATE "training_run" SET "configuration" = "configuration" - $1::text`, [name]);
  }
}
