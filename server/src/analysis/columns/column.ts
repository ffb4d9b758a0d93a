import { registerEnumType } from 'type-graphql';
import { allMeasures, describeMeasure, Measure, measures, measureSql } from '../record/measure.js';

/** What one column holds of each of N samples. */
type ColumnKind = 'text' | 'integer' | 'class' | 'split' | 'real' | 'double' | 'distribution' | 'counts';

export interface ColumnFacts {
  kind: ColumnKind;
  description: string;
  /** SQL of `a` (see `source.ts`) or of `sample` s; null for what is in the vectors. */
  sql: ((classes: number) => string) | null;
  nullable: boolean;
  unit: string | null;
}

const column = (
  kind: ColumnKind,
  sql: string | null,
  description: string,
  nullable = false,
  unit: string | null = null,
): ColumnFacts => ({ kind, sql: sql === null ? null : () => sql, description, nullable, unit });
const probability = 'probability';
const unsaid = 'null where a recorded run did not say it';

const factColumns = {
  RUN: column('text', `'run_' || a.run_row`, 'The run, like `run_1`.'),
  EPOCH: column('integer', 'a.epoch', 'Counted from 1.'),
  SAMPLE: column('text', `'sample_' || a.sample_row`, 'Id of the sample, like `sample_1`.'),
  SAMPLE_NUMBER: column('integer', 'a.sample_row', 'The number in SAMPLE: 12 of `sample_12`; a sixth of its bytes.'),
  KEY: column('text', 's.key', '`Sample.key`.'),
  INDEX: column('integer', 's."index"', '`Sample.index`.'),
  SPLIT: column('split', 'a.split', 'TRAIN, VALIDATION or TEST.'),
  IMAGE: column('text', `'/images/sample_' || a.sample_row`, 'Address of the image, relative to the server.'),
  SUBJECT: column('text', 's.subject', '`Sample.subject`, where known.', true),
  GIVEN_LABEL: column('class', 'a.given_label', 'The label the run was given.'),
  CLEAN_LABEL: column('class', 'a.clean_label', 'The correct label, where known.', true),
  VOTES_LABEL: column('class', 'a.votes_label', 'The class with the most votes; null without votes.', true),
  AUXILIARY_LABEL: column('class', 'a.auxiliary_label', `Highest class of the label distribution; ${unsaid}.`, true),
  FUSED_LABEL: column('class', 'a.fused_label', `Highest class of the fused distribution; ${unsaid}.`, true),
  TARGET_LABEL: column(
    'class',
    'a.target_label',
    "Highest class of the target distribution: the model's prediction.",
    true,
  ),
  SUGGESTED_LABEL: column(
    'class',
    'a.confident_label',
    'What confident learning would label it instead; null where it would not.',
    true,
  ),
  EMBEDDING_X: column(
    'real',
    null,
    'First place by UMAP of the pooled features of the epoch (`TrainingRun.embedding`); null where they were not reduced.',
    true,
  ),
  EMBEDDING_Y: column('real', null, 'Second place by UMAP; null where the features were not reduced.', true),
  VOTES: column('counts', 's.votes', 'Raters who chose each class; null without votes.', true, 'raters'),
  TRUE_DISTRIBUTION: column(
    'distribution',
    's.true_distribution',
    '`Sample.trueDistribution`: what the image was made from or published with.',
    true,
    probability,
  ),
  LABEL_DISTRIBUTION: column('distribution', null, `p = softmax(z1); ${unsaid}.`, true, probability),
  CLASS_DISTRIBUTION: column(
    'distribution',
    null,
    `L[y], the class distribution of the given label; ${unsaid}.`,
    true,
    probability,
  ),
  FUSED_DISTRIBUTION: column('distribution', null, `q = (1 - v) p + v L[y]; ${unsaid}.`, true, probability),
  TARGET_DISTRIBUTION: column(
    'distribution',
    null,
    `softmax(z2), what the model predicts; ${unsaid}.`,
    true,
    probability,
  ),
} as const;

/** Every column: what is known of a sample, what is said of it, and every measure. */
export const AnalysisColumn = {
  ...(Object.fromEntries(Object.keys(factColumns).map((name) => [name, name])) as {
    [K in keyof typeof factColumns]: K;
  }),
  ...Measure,
} as const;
export type AnalysisColumn = keyof typeof factColumns | Measure;
export const allColumns = Object.values(AnalysisColumn) as readonly AnalysisColumn[];

export const columnFacts: Readonly<Record<AnalysisColumn, ColumnFacts>> = {
  ...factColumns,
  ...(Object.fromEntries(allMeasures.map((measure) => [measure, measureColumn(measure)])) as Record<
    Measure,
    ColumnFacts
  >),
};

function measureColumn(measure: Measure): ColumnFacts {
  const { type } = measureSql(measure, 2);
  return {
    kind: type === 'real' ? 'real' : 'double',
    description: describeMeasure(measure),
    sql: (classes) => measureSql(measure, classes).sql,
    nullable: true,
    unit: measures[measure].unit,
  };
}

registerEnumType(AnalysisColumn, {
  name: 'AnalysisColumn',
  description: 'A column over the samples of a run after an epoch.',
  valuesConfig: Object.fromEntries(
    Object.entries(columnFacts).map(([name, { description }]) => [name, { description }]),
  ),
});

/** As files and frames call it: `labelDistribution`. */
export function columnName(name: AnalysisColumn): string {
  return name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The column of that name in a file or a URL. */
export function columnNamed(name: string): AnalysisColumn | null {
  return allColumns.find((candidate) => columnName(candidate) === name) ?? null;
}

/** Columns that are null until somebody has features reduced, and known from then on. */
export function isEmbedding(name: AnalysisColumn): boolean {
  return name === 'EMBEDDING_X' || name === 'EMBEDDING_Y';
}

/** What a question has unless it names columns: all that never change. */
export const usualColumns: readonly AnalysisColumn[] = allColumns.filter((name) => !isEmbedding(name));
