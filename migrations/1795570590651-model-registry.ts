import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Models become versions of a family, with stages, lineage and a history; runs may be evaluations. Models from before
 * begin a family each.
 */
export class ModelRegistry1795570590651 implements MigrationInterface {
  name = 'ModelRegistry1795570590651';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of [...types, ...tables, ...models, ...evaluations]) await queryRunner.query(statement);
  }

  /** The value IMPORTED of checkpoint_kind stays: PostgreSQL removes none. */
  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE "evaluation"');
    await queryRunner.query('ALTER TABLE "training_run" DROP COLUMN "kind"');
    await queryRunner.query('DROP TABLE "stage_change"');
    const columns = ['kind', 'origin', 'family', 'version', 'stage', 'parent_row', 'source'];
    await queryRunner.query(`ALTER TABLE "model" ${columns.map((column) => `DROP COLUMN "${column}"`).join(', ')}`);
    await queryRunner.query('DROP TABLE "model_family"');
    for (const type of ['run_kind', 'stage_action', 'model_stage', 'model_origin', 'model_kind'])
      await queryRunner.query(`DROP TYPE "${type}"`);
  }
}

const types = [
  `CREATE TYPE "model_kind" AS ENUM ('ADA_DF', 'BACKBONE')`,
  `CREATE TYPE "model_origin" AS ENUM ('TRAINED', 'IMPORTED')`,
  `CREATE TYPE "model_stage" AS ENUM ('CANDIDATE', 'PRODUCTION', 'ARCHIVED')`,
  `CREATE TYPE "stage_action" AS ENUM ('PROMOTE', 'ROLL_BACK', 'ARCHIVE', 'RESTORE')`,
  `CREATE TYPE "run_kind" AS ENUM ('TRAINING', 'EVALUATION')`,
  `ALTER TYPE "checkpoint_kind" ADD VALUE IF NOT EXISTS 'IMPORTED'`,
];

const tables = [
  `CREATE TABLE "model_family" (
    "name" text NOT NULL,
    "last_version" integer NOT NULL,
    CONSTRAINT "model_family_pk" PRIMARY KEY ("name")
  )`,
  `CREATE TABLE "stage_change" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "model_row" integer NOT NULL,
    "action" "stage_action" NOT NULL,
    "from_stage" "model_stage" NOT NULL,
    "to_stage" "model_stage" NOT NULL,
    "replaced_row" integer,
    "reason" text,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "stage_change_pk" PRIMARY KEY ("row"),
    CONSTRAINT "stage_change_model_fk" FOREIGN KEY ("model_row") REFERENCES "model" ("row") ON DELETE CASCADE,
    CONSTRAINT "stage_change_replaced_fk" FOREIGN KEY ("replaced_row") REFERENCES "model" ("row") ON DELETE SET NULL
  )`,
  `CREATE INDEX "stage_change_model" ON "stage_change" ("model_row")`,
];

const models = [
  `ALTER TABLE "model"
    ADD "kind" "model_kind" NOT NULL DEFAULT 'ADA_DF',
    ADD "origin" "model_origin" NOT NULL DEFAULT 'TRAINED',
    ADD "family" text,
    ADD "version" integer NOT NULL DEFAULT 1,
    ADD "stage" "model_stage" NOT NULL DEFAULT 'CANDIDATE',
    ADD "parent_row" integer,
    ADD "source" jsonb`,
  `UPDATE "model" m SET "family" = m."name", "version" = n.version
     FROM (SELECT "row", row_number() OVER (PARTITION BY "name" ORDER BY "row") AS version FROM "model") n WHERE n."row" = m."row"`,
  `INSERT INTO "model_family" ("name", "last_version") SELECT "family", max("version") FROM "model" GROUP BY "family"`,
  `ALTER TABLE "model" ALTER COLUMN "family" SET NOT NULL, ALTER COLUMN "version" DROP DEFAULT`,
  `CREATE UNIQUE INDEX "model_family_version_unique" ON "model" ("family", "version")`,
  `CREATE UNIQUE INDEX "model_family_production_unique" ON "model" ("family") WHERE "stage" = 'PRODUCTION'`,
  `ALTER TABLE "model" ADD CONSTRAINT "model_family_fk" FOREIGN KEY ("family") REFERENCES "model_family" ("name")`,
  `ALTER TABLE "model" ADD CONSTRAINT "model_parent_fk" FOREIGN KEY ("parent_row") REFERENCES "model" ("row") ON DELETE SET NULL`,
];

const evaluations = [
  `ALTER TABLE "training_run" ADD "kind" "run_kind" NOT NULL DEFAULT 'TRAINING'`,
  `CREATE TABLE "evaluation" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "run_row" integer NOT NULL,
    "checkpoint_row" integer,
    "checkpoint_sha256" text NOT NULL,
    "splits" "split" array NOT NULL,
    CONSTRAINT "evaluation_pk" PRIMARY KEY ("row"),
    CONSTRAINT "evaluation_run_fk" FOREIGN KEY ("run_row") REFERENCES "training_run" ("row") ON DELETE CASCADE,
    CONSTRAINT "evaluation_checkpoint_fk" FOREIGN KEY ("checkpoint_row") REFERENCES "checkpoint" ("row") ON DELETE SET NULL
  )`,
  `CREATE UNIQUE INDEX "evaluation_run_unique" ON "evaluation" ("run_row")`,
];
