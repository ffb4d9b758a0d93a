import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Names are those of the entities' decorators; a test compares the two. */
export class CreateTables1795478400000 implements MigrationInterface {
  name = 'CreateTables1795478400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...types, ...datasets, ...models, ...training, ...analysis])
      await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const tables = [
      'sample_analysis',
      'split_metrics',
      'epoch_column_chunk',
      'epoch',
      'run_split',
      'training_run',
      'checkpoint',
      'model',
      'sample',
      'dataset',
    ];
    for (const table of tables) await queryRunner.query(`DROP TABLE "${table}"`);
    for (const type of ['checkpoint_kind', 'run_state', 'split']) await queryRunner.query(`DROP TYPE "${type}"`);
  }
}

const types = [
  `CREATE TYPE "split" AS ENUM ('TRAIN', 'VALIDATION', 'TEST')`,
  `CREATE TYPE "run_state" AS ENUM ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')`,
  `CREATE TYPE "checkpoint_kind" AS ENUM ('LAST', 'BEST')`,
];

const datasets = [
  `CREATE TABLE "dataset" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "name" text NOT NULL,
    "format" text NOT NULL,
    "classes" text[] NOT NULL,
    "image_root" text NOT NULL,
    "import_report" jsonb NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "dataset_pk" PRIMARY KEY ("row")
  )`,
  `CREATE UNIQUE INDEX "dataset_name_unique" ON "dataset" ("name")`,
  `CREATE TABLE "sample" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "dataset_row" integer NOT NULL,
    "index" integer NOT NULL,
    "key" text NOT NULL,
    "split" "split" NOT NULL,
    "given_label" smallint NOT NULL,
    "clean_label" smallint,
    "raw_label" text,
    "votes" smallint[],
    "outside_votes" jsonb,
    "true_distribution" real[],
    "subject" text,
    "image_path" text NOT NULL,
    "width" integer NOT NULL,
    "height" integer NOT NULL,
    CONSTRAINT "sample_pk" PRIMARY KEY ("row"),
    CONSTRAINT "sample_dataset_fk" FOREIGN KEY ("dataset_row") REFERENCES "dataset" ("row") ON DELETE CASCADE
  )`,
  `CREATE UNIQUE INDEX "sample_dataset_index_unique" ON "sample" ("dataset_row", "index")`,
  `CREATE UNIQUE INDEX "sample_dataset_key_unique" ON "sample" ("dataset_row", "key")`,
];

const models = [
  `CREATE TABLE "model" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "name" text NOT NULL,
    "backbone" text NOT NULL,
    "width" integer NOT NULL,
    "classes" text[] NOT NULL,
    "image_size" integer NOT NULL,
    "parameter_count" integer NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "model_pk" PRIMARY KEY ("row")
  )`,
  `CREATE TABLE "checkpoint" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "model_row" integer NOT NULL,
    "kind" "checkpoint_kind" NOT NULL,
    "epoch" integer NOT NULL,
    "path" text NOT NULL,
    "sha256" text NOT NULL,
    "bytes" double precision NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "checkpoint_pk" PRIMARY KEY ("row"),
    CONSTRAINT "checkpoint_model_fk" FOREIGN KEY ("model_row") REFERENCES "model" ("row") ON DELETE CASCADE
  )`,
  `CREATE UNIQUE INDEX "checkpoint_model_kind_unique" ON "checkpoint" ("model_row", "kind")`,
];

const training = [
  `CREATE TABLE "training_run" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "name" text NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'QUEUED',
    "dataset_row" integer NOT NULL,
    "model_row" integer NOT NULL,
    "configuration" jsonb NOT NULL,
    "progress" jsonb,
    "cancel_requested" boolean NOT NULL DEFAULT false,
    "error" text,
    "backend" text,
    "device" text,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    "started_at" timestamptz,
    "finished_at" timestamptz,
    CONSTRAINT "training_run_pk" PRIMARY KEY ("row"),
    CONSTRAINT "training_run_dataset_fk" FOREIGN KEY ("dataset_row") REFERENCES "dataset" ("row") ON DELETE CASCADE,
    CONSTRAINT "training_run_model_fk" FOREIGN KEY ("model_row") REFERENCES "model" ("row") ON DELETE CASCADE
  )`,
  `CREATE INDEX "training_run_dataset" ON "training_run" ("dataset_row")`,
  `CREATE TABLE "run_split" (
    "run_row" integer NOT NULL,
    "split" "split" NOT NULL,
    "sample_rows" integer[] NOT NULL,
    "labels" smallint[] NOT NULL,
    CONSTRAINT "run_split_pk" PRIMARY KEY ("run_row", "split"),
    CONSTRAINT "run_split_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
  )`,
  `CREATE TABLE "epoch" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "run_row" integer NOT NULL,
    "number" integer NOT NULL,
    "learning_rate" double precision NOT NULL,
    "ramps" jsonb NOT NULL,
    "losses" jsonb NOT NULL,
    "images_per_second" double precision NOT NULL,
    "duration_seconds" double precision NOT NULL,
    "class_distributions" real[] NOT NULL,
    "fallback_rows" boolean[] NOT NULL,
    "class_counts" integer[] NOT NULL,
    "attention_ranges" jsonb NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "epoch_pk" PRIMARY KEY ("row"),
    CONSTRAINT "epoch_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
  )`,
  `CREATE UNIQUE INDEX "epoch_run_number_unique" ON "epoch" ("run_row", "number")`,
  `CREATE TABLE "epoch_column_chunk" (
    "run_row" integer NOT NULL,
    "split" "split" NOT NULL,
    "chunk" integer NOT NULL,
    "epoch" integer NOT NULL,
    "data" bytea NOT NULL,
    CONSTRAINT "epoch_column_chunk_pk" PRIMARY KEY ("run_row", "split", "chunk", "epoch"),
    CONSTRAINT "epoch_column_chunk_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
  )`,
  // Uncompressed, so that substring(data FROM … FOR …) reads only the pages it needs.
  `ALTER TABLE "epoch_column_chunk" ALTER COLUMN "data" SET STORAGE EXTERNAL`,
];

const analysis = [
  `CREATE TABLE "split_metrics" (
    "run_row" integer NOT NULL,
    "epoch" integer NOT NULL,
    "split" "split" NOT NULL,
    "samples" integer NOT NULL,
    "accuracy" double precision NOT NULL,
    "auxiliary_accuracy" double precision NOT NULL,
    "clean_accuracy" double precision,
    "balanced_accuracy" double precision NOT NULL,
    "macro_f1" double precision NOT NULL,
    "label_entropy" double precision NOT NULL,
    "votes_kl_label" double precision,
    "votes_kl_fused" double precision,
    "votes_kl_target" double precision,
    "attention" jsonb NOT NULL,
    "per_class" jsonb NOT NULL,
    CONSTRAINT "split_metrics_pk" PRIMARY KEY ("run_row", "epoch", "split"),
    CONSTRAINT "split_metrics_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE
  )`,
  `CREATE TABLE "sample_analysis" (
    "run_row" integer NOT NULL,
    "sample_row" integer NOT NULL,
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
    CONSTRAINT "sample_analysis_pk" PRIMARY KEY ("run_row", "sample_row"),
    CONSTRAINT "sample_analysis_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE,
    CONSTRAINT "sample_analysis_sample_fk" FOREIGN KEY ("sample_row") REFERENCES "sample" ("row") ON DELETE CASCADE
  )`,
  `CREATE INDEX "sample_analysis_cell" ON "sample_analysis" ("run_row", "split", "given_label", "target_label")`,
  `CREATE INDEX "sample_analysis_sample" ON "sample_analysis" ("sample_row")`,
];
