import type { RecordedOutputs, SplitOutputs } from './epoch-result.js';

/** What a run said of one sample after an epoch; null where a recorded run did not say it. */
export interface SampleOutputs {
  /** p, `[C]`. */
  labelDistribution: Float32Array | null;
  /** softmax(z2), `[C]`. */
  targetDistribution: Float32Array | null;
  /** a1 and a2, in (0, 1). */
  auxiliaryAttention: number | null;
  targetAttention: number | null;
  /** By whoever recorded the run; runs trained here keep none. */
  loss: number | null;
  /** Class index of runs that recorded predictions without a distribution. */
  prediction: number | null;
  /** Logit of the given label less the highest other one, of runs that recorded it without logits. */
  margin: number | null;
}

export interface RecordLayout {
  /** C of the run's data set. */
  classes: number;
  /** Whether somebody else trained it: its records have three numbers more. */
  recorded?: boolean;
}

/** Loss, prediction and margin. */
const moreFloats = 3;
/** Every number of a sample of which a recorded run said nothing after an epoch. A number alone not said is NaN. */
export const absent = Infinity;

/** Numbers of a record: [C] label distribution, [C] target distribution, two attentions; of a recorded run three more. */
export function recordFloats({ classes, recorded = false }: RecordLayout): number {
  return 2 * classes + 2 + (recorded ? moreFloats : 0);
}

/** Writes sample n into a buffer. @returns the offset behind it. */
export function writeRecord(
  buffer: Buffer,
  start: number,
  outputs: SplitOutputs,
  n: number,
  { classes, recorded = false }: RecordLayout,
): number {
  let offset = start;
  for (let k = 0; k < classes; k++) offset = buffer.writeFloatLE(outputs.labelDistributions[n * classes + k], offset);
  for (let k = 0; k < classes; k++) offset = buffer.writeFloatLE(outputs.targetDistributions[n * classes + k], offset);
  offset = buffer.writeFloatLE(outputs.auxiliaryAttention[n], offset);
  offset = buffer.writeFloatLE(outputs.targetAttention[n], offset);
  if (!recorded) return offset;
  const prediction = outputs.recorded?.predictions?.[n] ?? -1;
  offset = buffer.writeFloatLE(outputs.recorded?.losses?.[n] ?? Number.NaN, offset);
  offset = buffer.writeFloatLE(prediction < 0 ? Number.NaN : prediction, offset);
  return buffer.writeFloatLE(outputs.recorded?.margins?.[n] ?? Number.NaN, offset);
}

/** A sample of which nothing was said. @returns the offset behind it. */
export function writeAbsent(buffer: Buffer, start: number, layout: RecordLayout): number {
  let offset = start;
  for (let place = 0; place < recordFloats(layout); place++) offset = buffer.writeFloatLE(absent, offset);
  return offset;
}

export function isAbsent(records: Float32Array, start: number): boolean {
  return records[start] === absent;
}

/** Null where a recorded run said nothing of the sample. @throws RangeError for another number of numbers. */
export function decodeRecord(record: Float32Array, layout: RecordLayout): SampleOutputs | null {
  const { classes, recorded = false } = layout;
  const width = recordFloats(layout);
  // A sample that first came with a later epoch.
  if (recorded && record.length === 0) return null;
  if (record.length !== width)
    throw new RangeError(`Columns of a sample: expected ${width} numbers, found ${record.length}.`);
  const labelDistribution = record.subarray(0, classes);
  const targetDistribution = record.subarray(classes, 2 * classes);
  const [auxiliaryAttention, targetAttention] = [record[2 * classes], record[2 * classes + 1]];
  if (!recorded) return { labelDistribution, targetDistribution, auxiliaryAttention, targetAttention, ...nothingElse };
  if (isAbsent(record, 0)) return null;
  return {
    labelDistribution: Number.isNaN(labelDistribution[0]) ? null : labelDistribution,
    targetDistribution: Number.isNaN(targetDistribution[0]) ? null : targetDistribution,
    auxiliaryAttention: known(auxiliaryAttention),
    targetAttention: known(targetAttention),
    loss: known(record[2 * classes + 2]),
    prediction: known(record[2 * classes + 3]),
    margin: known(record[2 * classes + 4]),
  };
}

const nothingElse = { loss: null, prediction: null, margin: null };

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The records of a split; of a recorded run those of the samples it spoke of. */
export function decodeRecords(
  seen: Pick<SplitOutputs, 'split'> & { sampleRows: readonly number[]; labels: readonly number[] },
  records: Float32Array,
  layout: RecordLayout,
): SplitOutputs {
  const { classes, recorded = false } = layout;
  const width = recordFloats(layout);
  const samples = Math.min(seen.sampleRows.length, records.length / width);
  const positions = Int32Array.from({ length: samples }, (_, n) => n).filter(
    (n) => !recorded || !isAbsent(records, n * width),
  );
  const count = positions.length;
  const outputs: SplitOutputs = {
    split: seen.split,
    sampleRows: Int32Array.from(positions, (place) => seen.sampleRows[place]),
    labels: Int16Array.from(positions, (place) => seen.labels[place]),
    labelDistributions: new Float32Array(count * classes),
    targetDistributions: new Float32Array(count * classes),
    auxiliaryAttention: new Float32Array(count),
    targetAttention: new Float32Array(count),
    ...(count < seen.sampleRows.length && { positions }),
    ...(recorded && { recorded: decodeMore(records, positions, layout) }),
  };
  positions.forEach((place, n) => {
    const start = place * width;
    outputs.labelDistributions.set(records.subarray(start, start + classes), n * classes);
    outputs.targetDistributions.set(records.subarray(start + classes, start + 2 * classes), n * classes);
    outputs.auxiliaryAttention[n] = records[start + 2 * classes];
    outputs.targetAttention[n] = records[start + 2 * classes + 1];
  });
  return outputs;
}

function decodeMore(records: Float32Array, positions: Int32Array, layout: RecordLayout): RecordedOutputs {
  const width = recordFloats(layout);
  const column = (place: number): Float32Array =>
    Float32Array.from(positions, (position) => records[position * width + 2 * layout.classes + 2 + place]);
  const said = (values: Float32Array): boolean => values.some((value) => !Number.isNaN(value));
  const [losses, predictions, margins] = [column(0), column(1), column(2)];
  return {
    losses: said(losses) ? losses : null,
    predictions: said(predictions) ? Int16Array.from(predictions, (value) => (Number.isNaN(value) ? -1 : value)) : null,
    margins: said(margins) ? margins : null,
  };
}
