import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Label sets, the sets GIVEN, CLEAN and VOTES of the data sets that are there, and runs that say which set they trained
 * on.
 */
export class CreateLabelSets1795569700000 implements MigrationInterface {
  name = 'CreateLabelSets1795569700000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of tables) await queryRunner.query(statement);
    const datasets: ExistingDataset[] = await queryRunner.query(
      'SELECT "row", cardinality("classes") AS classes FROM "dataset"',
    );
    for (const dataset of datasets) await createBaseSets(queryRunner, dataset);
    await queryRunner.query(
      `UPDATE "training_run" SET "label_set_row" = "label_set"."row" FROM "label_set" WHERE "label_set"."dataset_row" = "training_run"."dataset_row" AND "label_set"."kind" = 'GIVEN'`,
    );
    await queryRunner.query(`ALTER TABLE "training_run" ALTER COLUMN "label_set_row" SET NOT NULL`);
    for (const statement of immutability) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "training_run" DROP COLUMN "label_set_row"`);
    for (const table of ['label_set_distribution', 'label_set_chunk', 'label_set'])
      await queryRunner.query(`DROP TABLE "${table}"`);
    await queryRunner.query('DROP FUNCTION "refuse_change_of_label_set"()');
    await queryRunner.query('DROP TYPE "label_set_kind"');
  }
}

const tables = [
  `CREATE TYPE "label_set_kind" AS ENUM ('GIVEN', 'CLEAN', 'VOTES', 'NOISE', 'RELABELLED', 'PUBLISHED')`,
  `CREATE TABLE "label_set" (
    "row" integer GENERATED ALWAYS AS IDENTITY,
    "dataset_row" integer NOT NULL,
    "name" text NOT NULL,
    "kind" "label_set_kind" NOT NULL,
    "parent_row" integer,
    "description" text NOT NULL,
    "labelled" integer NOT NULL,
    "missing" integer NOT NULL,
    "soft" integer NOT NULL,
    "differs_from_given" integer NOT NULL,
    "differs_from_clean" integer,
    "balance" jsonb NOT NULL,
    "origin" jsonb NOT NULL,
    "fingerprint" text NOT NULL,
    "created_at" timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT "label_set_pk" PRIMARY KEY ("row"),
    CONSTRAINT "label_set_dataset_fk" FOREIGN KEY ("dataset_row") REFERENCES "dataset" ("row") ON DELETE CASCADE,
    CONSTRAINT "label_set_parent_fk" FOREIGN KEY ("parent_row") REFERENCES "label_set" ("row")
  )`,
  `CREATE UNIQUE INDEX "label_set_dataset_name_unique" ON "label_set" ("dataset_row", "name")`,
  `CREATE INDEX "label_set_parent" ON "label_set" ("parent_row")`,
  `CREATE TABLE "label_set_chunk" (
    "label_set_row" integer NOT NULL,
    "chunk" integer NOT NULL,
    "labels" smallint[] NOT NULL,
    CONSTRAINT "label_set_chunk_pk" PRIMARY KEY ("label_set_row", "chunk"),
    CONSTRAINT "label_set_chunk_set_fk" FOREIGN KEY ("label_set_row") REFERENCES "label_set" ("row") ON DELETE CASCADE
  )`,
  `CREATE TABLE "label_set_distribution" (
    "label_set_row" integer NOT NULL,
    "sample_index" integer NOT NULL,
    "distribution" real[] NOT NULL,
    CONSTRAINT "label_set_distribution_pk" PRIMARY KEY ("label_set_row", "sample_index"),
    CONSTRAINT "label_set_distribution_set_fk" FOREIGN KEY ("label_set_row") REFERENCES "label_set" ("row") ON DELETE CASCADE
  )`,
  `ALTER TABLE "training_run" ADD "label_set_row" integer`,
  `ALTER TABLE "training_run" ADD CONSTRAINT "training_run_label_set_fk" FOREIGN KEY ("label_set_row") REFERENCES "label_set" ("row")`,
  `CREATE INDEX "training_run_label_set" ON "training_run" ("label_set_row")`,
];

/** Made once, never changed: a run that trained on a set must mean the same for ever. */
const immutability = [
  `CREATE FUNCTION "refuse_change_of_label_set"() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     RAISE EXCEPTION 'a label set never changes: make another one' USING ERRCODE = 'integrity_constraint_violation';
   END $$`,
  ...['label_set', 'label_set_chunk', 'label_set_distribution'].map(
    (table) =>
      `CREATE TRIGGER "${table}_never_changes" BEFORE UPDATE ON "${table}" FOR EACH ROW EXECUTE FUNCTION "refuse_change_of_label_set"()`,
  ),
];

interface ExistingDataset {
  row: number;
  classes: number;
}

interface ExistingSample {
  index: number;
  split: 'TRAIN' | 'VALIDATION' | 'TEST';
  given: number;
  clean: number | null;
  /** Class with the most votes; null without votes. */
  top: number | null;
  tied: boolean | null;
}

const samplesPerChunk = 512;
const missing = -1;

async function createBaseSets(queryRunner: QueryRunner, dataset: ExistingDataset): Promise<void> {
  const samples: ExistingSample[] = await queryRunner.query(
    `SELECT "index", split, given_label AS given, clean_label AS clean, array_position(s.votes, top.votes) - 1 AS top, top.sharers > 1 AS tied
       FROM sample s LEFT JOIN LATERAL (SELECT v AS votes, count(*) AS sharers FROM unnest(s.votes) v GROUP BY v HAVING v > 0 ORDER BY v DESC LIMIT 1) top ON true
      WHERE s.dataset_row = $1 ORDER BY "index"`,
    [dataset.row],
  );
  const create = (
    kind: string,
    description: string,
    origin: object,
    label: (sample: ExistingSample) => number | null,
  ): Promise<void> => createSet(queryRunner, dataset, samples, { kind, description, origin, label });
  await create('GIVEN', 'The labels the data set came with.', {}, ({ given }) => given);
  if (samples.some(({ clean }) => clean !== null))
    await create('CLEAN', 'The correct labels, where they are known.', {}, ({ clean }) => clean);
  if (samples.some(({ top }) => top !== null)) {
    const tied = samples.filter((sample) => sample.tied).length;
    await create(
      'VOTES',
      `The class with the most votes. In ${tied} samples several classes share the most; the first of them counts.`,
      { tied },
      ({ top }) => top,
    );
  }
}

interface BaseSet {
  kind: string;
  description: string;
  origin: object;
  label: (sample: ExistingSample) => number | null;
}

async function createSet(
  queryRunner: QueryRunner,
  dataset: ExistingDataset,
  samples: ExistingSample[],
  { kind, description, origin, label }: BaseSet,
): Promise<void> {
  const labels = new Int16Array((samples.at(-1)?.index ?? -1) + 1).fill(missing);
  for (const sample of samples) labels[sample.index] = label(sample) ?? missing;
  const balance = (['TRAIN', 'VALIDATION', 'TEST'] as const).map((split) => {
    const own = samples.filter((sample) => sample.split === split).map((sample) => labels[sample.index]!);
    const classCounts = Array.from({ length: dataset.classes }, (_, k) => own.filter((found) => found === k).length);
    return {
      split,
      labelled: own.filter((found) => found !== missing).length,
      missing: own.filter((found) => found === missing).length,
      classCounts,
    };
  });
  const known = samples.filter((sample) => labels[sample.index] !== missing);
  const cleanKnown = samples.some(({ clean }) => clean !== null);
  const [{ row }] = await queryRunner.query(
    `INSERT INTO label_set (dataset_row, name, kind, description, labelled, missing, soft, differs_from_given, differs_from_clean, balance, origin, fingerprint)
     VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9, $10, $11) RETURNING "row"`,
    [
      dataset.row,
      kind.toLowerCase(),
      kind,
      description,
      known.length,
      samples.length - known.length,
      known.filter((sample) => labels[sample.index] !== sample.given).length,
      cleanKnown
        ? known.filter((sample) => sample.clean !== null && labels[sample.index] !== sample.clean).length
        : null,
      JSON.stringify(balance.filter((split) => split.labelled + split.missing > 0)),
      JSON.stringify(origin),
      createHash('sha256').update(new Uint8Array(labels.buffer)).digest('hex'),
    ],
  );
  for (let chunk = 0; chunk * samplesPerChunk < labels.length; chunk++) {
    const some = labels.subarray(chunk * samplesPerChunk, (chunk + 1) * samplesPerChunk);
    await queryRunner.query(
      'INSERT INTO label_set_chunk (label_set_row, chunk, labels) VALUES ($1, $2, $3::smallint[])',
      [row, chunk, `{${some.join(',')}}`],
    );
  }
}
