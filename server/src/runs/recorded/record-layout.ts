import type { RecordedOutputs, SplitOutputs } from './epoch-result.js';
import { everyPlace, gatherInt16, gatherInt32 } from './gather.js';

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
const absent = Infinity;

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

function isAbsent(records: Float32Array, start: number): boolean {
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
  seen: Pick<SplitOutputs, 'split'> & { sampleRows: ArrayLike<number>; labels: ArrayLike<number> },
  records: Float32Array,
  layout: RecordLayout,
): SplitOutputs {
  const { classes, recorded = false } = layout;
  const width = recordFloats(layout);
  const samples = Math.min(seen.sampleRows.length, records.length / width);
  const positions = recorded ? spokenOf(records, samples, width) : everyPlace(samples);
  const numbers = (first: number, count: number) => once(() => columnsOf(records, positions, width, first, count));
  const label = numbers(0, classes);
  const target = numbers(classes, classes);
  const [auxiliary, attention] = [numbers(2 * classes, 1), numbers(2 * classes + 1, 1)];
  const more = once(() => decodeMore((place) => numbers(2 * classes + 2 + place, 1)()));
  const spoken = positions.length < seen.sampleRows.length ? positions : undefined;
  // Made when they are asked for: who reads a whole run wants one or two of them.
  return {
    split: seen.split,
    sampleRows: gatherInt32(seen.sampleRows, positions),
    labels: gatherInt16(seen.labels, positions),
    get labelDistributions() {
      return label();
    },
    get targetDistributions() {
      return target();
    },
    get auxiliaryAttention() {
      return auxiliary();
    },
    get targetAttention() {
      return attention();
    },
    ...(spoken && { positions: spoken }),
    get recorded() {
      return recorded ? more() : undefined;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** Places of the first `samples` that the run said something of. */
function spokenOf(records: Float32Array, samples: number, width: number): Int32Array {
  const places = new Int32Array(samples);
  let count = 0;
  for (let n = 0; n < samples; n++) if (!isAbsent(records, n * width)) places[count++] = n;
  return count === samples ? places : places.slice(0, count);
}

/** `count` numbers from `first` on of the record at each place. */
function columnsOf(
  records: Float32Array,
  places: Int32Array,
  width: number,
  first: number,
  count: number,
): Float32Array {
  const values = new Float32Array(places.length * count);
  for (let n = 0, to = 0; n < places.length; n++) {
    const start = places[n] * width + first;
    for (let k = 0; k < count; k++) values[to++] = records[start + k];
  }
  return values;
}

function decodeMore(column: (place: number) => Float32Array): RecordedOutputs {
  const [losses, predictions, margins] = [column(0), column(1), column(2)];
  return {
    losses: isSaid(losses) ? losses : null,
    predictions: isSaid(predictions) ? classesOf(predictions) : null,
    margins: isSaid(margins) ? margins : null,
  };
}

function isSaid(values: Float32Array): boolean {
  for (let n = 0; n < values.length; n++) if (!Number.isNaN(values[n])) return true;
  return false;
}

/** -1 where there is none. */
function classesOf(predictions: Float32Array): Int16Array {
  const classes = new Int16Array(predictions.length);
  for (let n = 0; n < classes.length; n++) classes[n] = Number.isNaN(predictions[n]) ? -1 : predictions[n];
  return classes;
}
