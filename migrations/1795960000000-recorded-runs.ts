import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run trained elsewhere need not have said. */
const mayBeUnknown: Readonly<Record<string, readonly string[]>> = {
  training_run: ['configuration', 'model_row'],
  epoch: [
    'learning_rate',
    'ramps',
    'losses',
    'images_per_second',
    'duration_seconds',
    'class_distributions',
    'fallback_rows',
    'class_counts',
  ],
  split_metrics: ['auxiliary_accuracy', 'label_entropy', 'attention'],
  sample_analysis: [],
  past_sample_analysis: [],
};
const ofSamples = [
  'auxiliary_label',
  'fused_label',
  'target_label',
  'entropy',
  'margin',
  'self_confidence',
  'attention',
  'fusion_weight',
];

/** Runs whose outputs were sent by somebody else's training loop. Their numbers may be null where ours are not. */
export class RecordedRuns1795960000000 implements MigrationInterface {
  name = 'RecordedRuns1795960000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TYPE "run_kind" ADD VALUE IF NOT EXISTS 'RECORDED'`);
    await eachColumn((table, column) =>
      queryRunner.query(`ALTER TABLE "${table}" ALTER COLUMN "${column}" DROP NOT NULL`),
    );
    await queryRunner.query(`ALTER TABLE "training_run" ADD "recording" jsonb`);
    await queryRunner.query(`ALTER TABLE "split_metrics" ADD "loss" double precision`);
    for (const table of ['sample_analysis', 'past_sample_analysis'])
      await queryRunner.query(`ALTER TABLE "${table}" ADD "loss" real`);
    await queryRunner.query(`CREATE TABLE "recorded_part" (
      "run_row" integer NOT NULL,
      "epoch" integer NOT NULL,
      "split" "split" NOT NULL,
      "content_sha256" text NOT NULL,
      "body_sha256" text NOT NULL,
      "samples" integer NOT NULL,
      "missing" integer NOT NULL,
      "columns" text[] NOT NULL,
      "created_at" timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT "recorded_part_pk" PRIMARY KEY ("run_row", "epoch", "split"),
      CONSTRAINT "recorded_part_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
    )`);
    await queryRunner.query(`CREATE TABLE "recorded_values" (
      "run_row" integer NOT NULL,
      "epoch" integer NOT NULL,
      "split" "split" NOT NULL,
      "name" text NOT NULL,
      "width" integer NOT NULL,
      "data" bytea NOT NULL,
      CONSTRAINT "recorded_values_pk" PRIMARY KEY ("run_row", "epoch", "split", "name"),
      CONSTRAINT "recorded_values_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
    )`);
    await queryRunner.query(`ALTER TABLE "recorded_values" ALTER COLUMN "data" SET STORAGE EXTERNAL`);
  }

  /** Recorded runs go; the value RECORDED of run_kind stays: PostgreSQL removes none. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM "training_run" WHERE "kind"::text = 'RECORDED'`);
    await queryRunner.query('DROP TABLE "recorded_values"');
    await queryRunner.query('DROP TABLE "recorded_part"');
    await queryRunner.query(`ALTER TABLE "training_run" DROP COLUMN "recording"`);
    for (const table of ['split_metrics', 'sample_analysis', 'past_sample_analysis'])
      await queryRunner.query(`ALTER TABLE "${table}" DROP COLUMN "loss"`);
    await eachColumn((table, column) =>
      queryRunner.query(`ALTER TABLE "${table}" ALTER COLUMN "${column}" SET NOT NULL`),
    );
  }
}

async function eachColumn(change: (table: string, column: string) => Promise<unknown>): Promise<void> {
  for (const [table, columns] of Object.entries(mayBeUnknown))
    for (const column of table.endsWith('sample_analysis') ? ofSamples : columns) await change(table, column);
}
