import type { MigrationInterface, QueryRunner } from 'typeorm';

const measures = [
  'auxiliary_attention',
  'target_attention',
  'ambiguity_ratio',
  'normalised_margin',
  'confidence_weighted_entropy',
  'given_label_kl',
];
const measuresOfVotes = [
  'votes_entropy',
  'votes_kl_label',
  'votes_kl_target',
  'votes_js_label',
  'votes_js_fused',
  'votes_js_target',
];
const dynamics = ['confidence', 'variability', 'correctness', 'aum'];

/**
 * Newest epochs recorded before have null in the new columns; they are computed again when a list first asks for them.
 */
export class QuerySamples1795570800000 implements MigrationInterface {
  name = 'QuerySamples1795570800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const column of [...measures, ...measuresOfVotes])
      await queryRunner.query(`ALTER TABLE "sample_analysis" ADD "${column}" real`);
    for (const column of dynamics)
      await queryRunner.query(`ALTER TABLE "sample_analysis" ADD "${column}" double precision`);
    await queryRunner.query(
      `ALTER TABLE "sample_analysis" ADD "forgetting_events" smallint, ADD "confident_label" smallint`,
    );
    for (const statement of tables) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['split_aggregates', 'past_sample_analysis', 'past_analysis'])
      await queryRunner.query(`DROP TABLE "${table}"`);
    for (const column of [...measures, ...measuresOfVotes, ...dynamics, 'forgetting_events', 'confident_label'])
      await queryRunner.query(`ALTER TABLE "sample_analysis" DROP COLUMN "${column}"`);
  }
}

const tables = [
  `CREATE TABLE "past_analysis" (
    "epoch_row" integer NOT NULL,
    "samples" integer NOT NULL,
    "used_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "past_analysis_pk" PRIMARY KEY ("epoch_row"),
    CONSTRAINT "past_analysis_epoch_fk" FOREIGN KEY ("epoch_row") REFERENCES "epoch" ("row") ON DELETE CASCADE
  )`,
  `CREATE TABLE "past_sample_analysis" (
    "epoch_row" integer NOT NULL,
    "sample_row" integer NOT NULL,
    "run_row" integer NOT NULL,
    "epoch" integer NOT NULL,
    "split" "split" NOT NULL,
    "position" integer NOT NULL,
    "given_label" smallint NOT NULL,
    "clean_label" smallint,
    "votes_label" smallint,
    "auxiliary_label" smallint NOT NULL,
    "fused_label" smallint NOT NULL,
    "target_label" smallint NOT NULL,
    "entropy" real NOT NULL,
    "margin" real NOT NULL,
    "self_confidence" real NOT NULL,
    "attention" real NOT NULL,
    "fusion_weight" real NOT NULL,
    "votes_kl_fused" real,
    ${[...measures, ...measuresOfVotes].map((column) => `"${column}" real,`).join('\n    ')}
    ${dynamics.map((column) => `"${column}" double precision,`).join('\n    ')}
    "forgetting_events" smallint,
    "confident_label" smallint,
    CONSTRAINT "past_sample_analysis_pk" PRIMARY KEY ("epoch_row", "sample_row"),
    CONSTRAINT "past_sample_analysis_epoch_fk" FOREIGN KEY ("epoch_row") REFERENCES "past_analysis" ("epoch_row") ON DELETE CASCADE
  )`,
  `CREATE TABLE "split_aggregates" (
    "epoch_row" integer NOT NULL,
    "split" "split" NOT NULL,
    "counts" integer[] NOT NULL,
    "expected" double precision[] NOT NULL,
    "calibration" jsonb NOT NULL,
    "attention" jsonb NOT NULL,
    "spread" jsonb NOT NULL,
    CONSTRAINT "split_aggregates_pk" PRIMARY KEY ("epoch_row", "split"),
    CONSTRAINT "split_aggregates_epoch_fk" FOREIGN KEY ("epoch_row") REFERENCES "epoch" ("row") ON DELETE CASCADE
  )`,
];
