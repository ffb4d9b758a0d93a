/** What may be said of a sample. `logits` or `target`, or else `prediction`, has to be among the columns. */
const recordedColumns = [
  'logits',
  'target',
  'label',
  'auxiliaryAttention',
  'targetAttention',
  'loss',
  'features',
  'prediction',
  'margin',
] as const;
export type RecordedColumn = (typeof recordedColumns)[number];

/** Columns of several numbers a sample. */
export const vectorColumns: ReadonlySet<RecordedColumn> = new Set(['logits', 'target', 'label', 'features']);

/**
 * By what rows name their samples: `Sample.key`, the name of the image file, `Sample.index`, or nothing but their place
 * among the samples of the split.
 */
export type KeyColumn = 'key' | 'file' | 'index';
export type KeyKind = KeyColumn | 'place';

/** Names that other tools give the same things, in lower case without underscores. */
const aliases: Readonly<Record<string, RecordedColumn | KeyColumn>> = {
  key: 'key',
  guid: 'key',
  uuid: 'key',
  sampleid: 'key',
  id: 'key',
  keys: 'key',
  file: 'file',
  filename: 'file',
  image: 'file',
  path: 'file',
  index: 'index',
  idx: 'index',
  indices: 'index',
  logits: 'logits',
  target: 'target',
  targetdistribution: 'target',
  probabilities: 'target',
  probs: 'target',
  predprobs: 'target',
  label: 'label',
  labeldistribution: 'label',
  auxiliaryattention: 'auxiliaryAttention',
  targetattention: 'targetAttention',
  loss: 'loss',
  losses: 'loss',
  features: 'features',
  embeddings: 'features',
  prediction: 'prediction',
  predictions: 'prediction',
  predicted: 'prediction',
  margin: 'margin',
};

/** What a column of that name is; null for one that nothing is known of. */
export function columnCalled(name: string): RecordedColumn | KeyColumn | null {
  return aliases[name.toLowerCase().replace(/[_\s-]/g, '')] ?? null;
}

export type CellValue = string | number | bigint | null | undefined;

/** One column of N rows; vectors are row-major. */
export interface TableColumn {
  /** Numbers a row. */
  width: number;
  /** `[N * width]` */
  values: number[] | Float32Array | Float64Array;
  /** Classes by name, where predictions came as text; `[N]`. */
  texts?: (string | null)[];
}

/** A body as it was sent: nothing is checked against the data set yet. */
export interface RecordedTable {
  rows: number;
  keyKind: KeyKind;
  /** `[N]` */
  keys: readonly CellValue[];
  columns: ReadonlyMap<RecordedColumn, TableColumn>;
  /** That its columns are called by, as cartography writes it: counted from 0. */
  epoch?: number;
  /** Names that came with the numbers of its vectors, in their order. */
  classes?: readonly string[];
}
