import type { EntityManager } from 'typeorm';
import { EpochSteps } from './epoch-steps.entity.js';

/** What a step reports, in the order of a record. */
export const stepNumbers = [
  'total',
  'crossEntropy',
  'kullbackLeibler',
  'rankRegularization',
  'attentionMinimum',
  'attentionMaximum',
] as const;
export type StepNumber = (typeof stepNumbers)[number];
export type StepRecord = Record<StepNumber, number>;

const floatBytes = 4;
/** Of an epoch: 384 kB. An epoch of more steps keeps means of consecutive ones. */
export const mostRecords = 16_384;
/** Epochs that are read at once: with full epochs some 12 MB. */
const epochsAtOnce = 32;

/** What an epoch's steps reported, added one at a time; no step is held that is not kept. */
export class StepLog {
  private readonly values: number[] = [];
  private readonly sums = new Float64Array(stepNumbers.length);
  private pending = 0;
  private count = 0;
  readonly stride: number;

  /** @param expected steps of the epoch. */
  constructor(expected: number) {
    this.stride = Math.max(1, Math.ceil(expected / mostRecords));
  }

  add(step: StepRecord): void {
    this.count++;
    this.pending++;
    stepNumbers.forEach((name, place) => (this.sums[place] += step[name]));
    if (this.pending === this.stride) this.close();
  }

  private close(): void {
    if (this.pending === 0) return;
    for (const sum of this.sums) this.values.push(sum / this.pending);
    this.sums.fill(0);
    this.pending = 0;
  }

  finish(): KeptSteps {
    this.close();
    return { steps: this.count, stride: this.stride, records: Float32Array.from(this.values) };
  }
}

export interface KeptSteps {
  steps: number;
  stride: number;
  /** `[R * 6]` row-major, the numbers in the order of `stepNumbers`. */
  records: Float32Array;
}

/** In the transaction that records the epoch. */
export async function writeSteps(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  { steps, stride, records }: KeptSteps,
): Promise<void> {
  const data = Buffer.alloc(records.length * floatBytes);
  records.forEach((value, place) => data.writeFloatLE(value, place * floatBytes));
  await manager.getRepository(EpochSteps).insert({ runRow, epoch, steps, stride, data });
}

/** One record of a run: what a step reported, or the mean of `averaged` consecutive ones. */
export interface RunStep extends StepRecord {
  epoch: number;
  /** Within its epoch, counted from 1; of a mean, its last. */
  step: number;
  /** Since the run began, counted from 1. */
  at: number;
  averaged: number;
}

/** Of all epochs, oldest first. An epoch that was recorded before steps were kept has none, and is not counted. */
export async function* readSteps(manager: EntityManager, runRow: number): AsyncGenerator<RunStep> {
  let before = 0;
  let after = 0;
  for (;;) {
    const rows: EpochSteps[] = await manager
      .getRepository(EpochSteps)
      .createQueryBuilder('s')
      .where('s.run_row = :runRow AND s.epoch > :after', { runRow, after })
      .orderBy('s.epoch')
      .limit(epochsAtOnce)
      .getMany();
    if (rows.length === 0) return;
    for (const row of rows) {
      yield* unpack(row, before);
      before += row.steps;
      after = row.epoch;
    }
  }
}

function* unpack({ epoch, steps, stride, data }: EpochSteps, before: number): Generator<RunStep> {
  const width = stepNumbers.length * floatBytes;
  for (let place = 0; place * width < data.length; place++) {
    const step = Math.min((place + 1) * stride, steps);
    const numbers = stepNumbers.map((name, n) => [name, data.readFloatLE(place * width + n * floatBytes)]);
    const record = Object.fromEntries(numbers) as StepRecord;
    yield { epoch, step, at: before + step, averaged: step - place * stride, ...record };
  }
}

/** Records of the run that are kept. */
export async function countRecords(manager: EntityManager, runRow: number): Promise<number> {
  const [{ records }]: [{ records: string }] = await manager.query(
    'SELECT coalesce(sum((steps + stride - 1) / stride), 0) AS records FROM epoch_steps WHERE run_row = $1',
    [runRow],
  );
  return Number(records);
}

/** At most about `most` records: means of so many consecutive ones, never over the end of an epoch. */
export async function* thinSteps(steps: AsyncIterable<RunStep>, width: number): AsyncGenerator<RunStep> {
  let held: RunStep[] = [];
  for await (const step of steps) {
    if (held.length > 0 && (held.length === width || held[0].epoch !== step.epoch)) {
      yield meanOf(held);
      held = [];
    }
    held.push(step);
  }
  if (held.length > 0) yield meanOf(held);
}

/** Weighted by how many steps each record stands for. */
function meanOf(held: readonly RunStep[]): RunStep {
  const averaged = held.reduce((sum, step) => sum + step.averaged, 0);
  const mean = { ...held.at(-1)!, averaged };
  for (const name of stepNumbers)
    mean[name] = held.reduce((sum, step) => sum + step[name] * step.averaged, 0) / averaged;
  return mean;
}
