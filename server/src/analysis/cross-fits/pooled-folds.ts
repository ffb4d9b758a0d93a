import type { EntityManager } from 'typeorm';
import { confidentThresholds, suggestedClass } from '../../metrics/confident-learning.js';
import { Split } from '../../split.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import { rowOf } from '../record/opinion-labels.js';
import type { JudgedSamples } from '../validity/judged-samples.js';
import { type Score, scoresOf, type SplitNumbers, readNumbers } from '../validity/split-numbers.js';

/** A fold whose run is complete. */
export interface CompleteFold {
  number: number;
  sampleRows: readonly number[];
  run: TrainingRun;
  /** Its last. */
  epoch: number;
}

/** Samples of folds together, each with the numbers of one run. */
export interface PooledSamples extends JudgedSamples {
  /** Rows of `sample`, `[N]`. */
  sampleRows: Int32Array;
  /** Number of the fold of each, `[N]`. */
  folds: Int16Array;
}

/** Every sample of the folds, by the run that never saw it. */
export async function poolOutOfSample(manager: EntityManager, folds: readonly CompleteFold[]): Promise<PooledSamples> {
  const parts: Part[] = [];
  for (const { run, epoch, number } of folds) {
    const numbers = await readNumbers(manager, run, Split.VALIDATION, epoch);
    parts.push({ number, ...partOf(numbers, Int32Array.from(numbers.outputs.sampleRows.keys())) });
  }
  return pool(parts);
}

/** The same samples, each by the run of the next fold, which trained on them; null where no two folds are complete. */
export async function poolInSample(
  manager: EntityManager,
  folds: readonly CompleteFold[],
): Promise<PooledSamples | null> {
  if (folds.length < 2) return null;
  const parts: Part[] = [];
  for (const [place, { sampleRows, number }] of folds.entries()) {
    const other = folds[(place + 1) % folds.length];
    const numbers = await readNumbers(manager, other.run, Split.TRAIN, other.epoch);
    const own = new Set(sampleRows);
    const places = Int32Array.from(numbers.outputs.sampleRows.keys()).filter((n) =>
      own.has(numbers.outputs.sampleRows[n]),
    );
    parts.push({ number, ...partOf(numbers, places) });
  }
  return pool(parts);
}

interface Part {
  number: number;
  classes: number;
  sampleRows: Int32Array;
  labels: Int16Array;
  clean: Int16Array;
  targetDistributions: Float32Array;
  scores: Score[];
}

function partOf(numbers: SplitNumbers, places: Int32Array): Omit<Part, 'number'> {
  const { outputs, human, classes } = numbers;
  const targetDistributions = new Float32Array(places.length * classes);
  places.forEach((n, place) =>
    targetDistributions.set(rowOf(outputs.targetDistributions, n, classes), place * classes),
  );
  return {
    classes,
    sampleRows: Int32Array.from(places, (n) => outputs.sampleRows[n]),
    labels: Int16Array.from(places, (n) => outputs.labels[n]),
    clean: Int16Array.from(places, (n) => human.clean[n]),
    targetDistributions,
    scores: scoresOf(numbers).map(({ values, ...score }) => ({
      ...score,
      values: Float64Array.from(places, (n) => values[n]),
    })),
  };
}

/** Thresholds of confident learning are taken over all folds together. */
function pool(parts: readonly Part[]): PooledSamples {
  const { classes, scores } = parts[0];
  const labels = join(Int16Array, parts, (part) => part.labels);
  const targetDistributions = join(Float32Array, parts, (part) => part.targetDistributions);
  const thresholds = confidentThresholds(targetDistributions, labels, classes);
  return {
    classes,
    labels,
    targetDistributions,
    sampleRows: join(Int32Array, parts, (part) => part.sampleRows),
    folds: join(Int16Array, parts, ({ number, labels: { length } }) => new Int16Array(length).fill(number)),
    clean: join(Int16Array, parts, (part) => part.clean),
    confidentLabel: labels.map((y, n) => suggestedClass(rowOf(targetDistributions, n, classes), y, thresholds)),
    scores: scores.flatMap(({ measure, low }) => {
      const each = parts.map((part) => part.scores.find((score) => score.measure === measure)?.values);
      const known = each.filter((values) => values !== undefined);
      return known.length < parts.length
        ? []
        : [{ measure, low, values: join(Float64Array, known, (values) => values) }];
    }),
  };
}

function join<A extends Int16Array | Int32Array | Float32Array | Float64Array, P>(
  Type: new (length: number) => A,
  parts: readonly P[],
  of: (part: P) => A,
): A {
  const arrays = parts.map(of);
  const joined = new Type(arrays.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const array of arrays) {
    joined.set(array, start);
    start += array.length;
  }
  return joined;
}
