import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { checkSeed } from '../../random.js';
import { noLabel } from '../label-set-chunk.entity.js';
import { LabelSetKind } from '../label-set-kind.js';
import { LabelSet } from '../label-set.entity.js';
import { requireLabelSet } from '../label-set.service.js';
import { checkLabelSetName, readLabels, storeLabelSet } from '../label-store.js';
import { isIn, readSampleFacts } from '../sample-facts.js';
import { flipAmbiguous, flipByWeights, type Flippable } from './flips.js';
import { AmbiguitySource, type LabelNoiseInput } from './noise-input.js';
import { NoiseKind, type NoiseRecord } from './noise-record.js';
import { checkTransition, pairWeights, rateOf, symmetricWeights } from './noise-weights.js';

/** Distributions that decide instance-dependent noise, `[C]` by `sample.index`, and what they are called. */
export interface Ambiguity {
  called: string;
  distributionOf: (index: number) => ArrayLike<number> | null;
}

/**
 * Makes a set of kind NOISE, in the caller's transaction. @param ambiguity for INSTANCE: instead of votes or true
 * distributions. @throws InvalidInputError
 */
export async function injectNoise(
  manager: EntityManager,
  dataset: Dataset,
  input: LabelNoiseInput,
  ambiguity: Ambiguity | null = null,
): Promise<LabelSet> {
  const seed = checkSeed(input.seed ?? 1, 'input.seed');
  const base = await baseSet(manager, dataset, input.base ?? null);
  const facts = await readSampleFacts(manager, dataset.row);
  const labels = await readLabels(manager, base.row);
  const training = Int32Array.from(
    [...labels.keys()].filter((index) => labels[index] !== noLabel && isIn(facts, index, Split.TRAIN)),
  );
  if (training.length === 0) throw new InvalidInputError('input.base', 'a set that labels training samples', base.name);
  const flippable: Flippable = { labels, training, classes: dataset.classes.length, seed };
  const matrix = input.kind === NoiseKind.TRANSITION ? checkTransition(input.matrix ?? null, dataset.classes) : null;
  const rate = rateAsked(input, matrix, flippable);
  const count = Math.round(rate * training.length);
  if (count < 1)
    throw new InvalidInputError('input.rate', `enough to flip one of ${training.length} training labels`, rate);
  const flipped = await flip(manager, dataset, flippable, { input, matrix, count, ambiguity });
  const record: NoiseRecord = { kind: input.kind, rate, seed, flips: count, matrix };
  const words = `${describe(input.kind)}: ${count} of ${training.length} training labels of "${base.name}" flipped${ambiguity ? `, by ${ambiguity.called}` : ''}; seed ${seed}.`;
  const name = input.name ? checkLabelSetName(input.name) : defaultName(record, base);
  return storeLabelSet(manager, dataset, facts, {
    name,
    kind: LabelSetKind.NOISE,
    parent: base,
    description: words,
    labels: flipped,
    origin: { noise: record },
  });
}

async function baseSet(manager: EntityManager, dataset: Dataset, id: string | null): Promise<LabelSet> {
  if (id !== null) return requireLabelSet(manager, id, 'input.base', dataset.row);
  const find = (kind: LabelSetKind): Promise<LabelSet | null> =>
    manager.getRepository(LabelSet).findOneBy({ datasetRow: dataset.row, kind });
  const found = (await find(LabelSetKind.CLEAN)) ?? (await find(LabelSetKind.GIVEN));
  if (!found) throw new InvalidInputError('input.dataset', 'a data set with labels', dataset.name);
  return found;
}

function rateAsked(
  { kind, rate }: LabelNoiseInput,
  matrix: number[][] | null,
  { labels, training, classes }: Flippable,
): number {
  if (matrix && (rate === null || rate === undefined)) {
    const counts = new Array<number>(classes).fill(0);
    for (const index of training) counts[labels[index]]++;
    return rateOf(matrix, counts);
  }
  if (rate === null || rate === undefined || !(rate > 0 && rate <= 1))
    throw new InvalidInputError('input.rate', `a share above 0 and at most 1, which ${kind} needs`, rate ?? null);
  return rate;
}

interface FlipOptions {
  input: LabelNoiseInput;
  matrix: number[][] | null;
  count: number;
  ambiguity: Ambiguity | null;
}

async function flip(
  manager: EntityManager,
  dataset: Dataset,
  flippable: Flippable,
  { input, matrix, count, ambiguity }: FlipOptions,
): Promise<Int16Array> {
  switch (input.kind) {
    case NoiseKind.SYMMETRIC:
      return flipByWeights(flippable, symmetricWeights(flippable.classes), count);
    case NoiseKind.PAIR_FLIP:
      return flipByWeights(flippable, pairWeights(dataset.classes, input.pairs ?? null), count);
    case NoiseKind.TRANSITION:
      return flipByWeights(flippable, matrix!, count);
    case NoiseKind.INSTANCE: {
      const { distributionOf } = ambiguity ?? (await readAmbiguity(manager, dataset, input.ambiguity ?? null));
      return flipAmbiguous(flippable, distributionOf, count);
    }
  }
}

async function readAmbiguity(
  manager: EntityManager,
  dataset: Dataset,
  source: AmbiguitySource | null,
): Promise<Ambiguity> {
  const columns = {
    [AmbiguitySource.TRUE_DISTRIBUTION]: 'true_distribution',
    [AmbiguitySource.VOTES]: 'votes',
  } as const;
  for (const candidate of source ? [source] : [AmbiguitySource.TRUE_DISTRIBUTION, AmbiguitySource.VOTES]) {
    const column = columns[candidate];
    const rows: { index: number; values: number[] }[] = await manager.query(
      `SELECT "index", ${column} AS values FROM sample WHERE dataset_row = $1 AND split = 'TRAIN' AND ${column} IS NOT NULL`,
      [dataset.row],
    );
    const known = new Map(
      rows.flatMap(({ index, values }) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        return total > 0 ? [[index, values.map((value) => value / total)] as const] : [];
      }),
    );
    if (known.size > 0)
      return { called: column.replace('_', ' '), distributionOf: (index) => known.get(index) ?? null };
  }
  throw new InvalidInputError(
    'input.ambiguity',
    'votes or true distributions of training samples, which this data set does not have',
    source,
  );
}

function describe(kind: NoiseKind): string {
  return {
    SYMMETRIC: 'Symmetric noise',
    PAIR_FLIP: 'Pair-flip noise',
    TRANSITION: 'Noise by a transition matrix',
    INSTANCE: 'Instance-dependent noise',
  }[kind];
}

/** Like `symmetric-20-seed-1`: the rate in per cent. */
function defaultName({ kind, rate, seed }: NoiseRecord, base: LabelSet): string {
  const name = `${kind.toLowerCase().replace('_', '-')}-${Number((100 * rate).toFixed(2))}-seed-${seed}`;
  return base.kind === LabelSetKind.CLEAN || base.kind === LabelSetKind.GIVEN ? name : `${base.name}-${name}`;
}
