import type { DataSource } from 'typeorm';
import { histogram } from '../../metrics/histogram.js';
import { confusionCounts } from '../../metrics/confusion.js';
import { type FusedSplit, largestChanges } from '../../metrics/fuse-split.js';
import type { FusionSettings } from '../../runs/fusions/saved-fusion.entity.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import type { Split } from '../../split.js';
import { checkEpoch, newestEpochOf } from '../record/read-aggregates.js';
import { requireRun } from '../samples/sample-analyses.js';
import { chooseFusion, type FusedOtherwise, fuseOtherwise } from './fuse-otherwise.js';
import { type FusionInputs, FusionInputsReader } from './fusion-inputs.js';
import type { FusedSample, FusionSummary, WhatIf, WhatIfChange, WhatIfInput } from './what-if-types.js';

const entropyBins = 20;

export interface WhatIfQuestion {
  split: Split;
  /** Null: the newest. */
  epoch: number | null;
  input: WhatIfInput;
}

/** Computes fusions of recorded epochs with other settings; nothing is trained or written. */
export class WhatIfService {
  private readonly reader = new FusionInputsReader();

  constructor(private readonly dataSource: DataSource) {}

  /** Null before the first epoch. @throws InvalidInputError for settings, a split or an epoch that cannot be. */
  async whatIf(run: TrainingRun, question: WhatIfQuestion): Promise<WhatIf | null> {
    const found = await this.fuse(run, question);
    return found && describe(found.inputs, found.otherwise, question.input);
  }

  /** The settings that an input comes to. @param run with its data set. */
  settings(run: TrainingRun, input: WhatIfInput): FusionSettings {
    return chooseFusion(run, input);
  }

  /** With its data set. @throws NotFoundError */
  run(row: number): Promise<TrainingRun> {
    return requireRun(this.dataSource.manager, row);
  }

  /** Of the samples, in their order. */
  async keys({ outputs }: FusionInputs): Promise<string[]> {
    const rows: { key: string }[] = await this.dataSource.query(
      'SELECT s.key FROM unnest($1::int[]) WITH ORDINALITY AS u("row", place) JOIN sample s ON s."row" = u."row" ORDER BY u.place',
      [`{${outputs.sampleRows.join(',')}}`],
    );
    return rows.map(({ key }) => key);
  }

  async fuse(
    run: TrainingRun,
    { split, epoch, input }: WhatIfQuestion,
  ): Promise<{ inputs: FusionInputs; otherwise: FusedOtherwise } | null> {
    const whole = (await this.run(run.row))!;
    const settings = chooseFusion(whole, input);
    const newest = await newestEpochOf(this.dataSource.manager, whole, split);
    if (newest === null) return null;
    const inputs = await this.reader.read(this.dataSource.manager, whole, split, checkEpoch(epoch, newest));
    return { inputs, otherwise: fuseOtherwise(inputs, settings) };
  }
}

/** What a person is told of a fusion. */
function describe(inputs: FusionInputs, otherwise: FusedOtherwise, input: WhatIfInput): WhatIf {
  const { run, epoch, split, recorded, outputs, toFuse } = inputs;
  const { fused, settings, classDistributions, fallbackRows } = otherwise;
  const names = run.dataset.classes;
  const classes = names.length;
  const row = (matrix: Float32Array, k: number): Float32Array => matrix.subarray(k * classes, (k + 1) * classes);
  const flipCounts = confusionCounts(recorded.classes, fused.classes, classes);
  const flips = flipCounts.reduce(
    (sum, counts, k) => sum + counts.reduce((all, count, j) => all + (j === k ? 0 : count), 0),
    0,
  );
  const changeOf = (most: number): WhatIfChange[] =>
    largestChanges(recorded, fused, most).map((n) => ({
      sampleRow: outputs.sampleRows[n],
      recorded: sampleOf(recorded, n, names),
      changed: sampleOf(fused, n, names),
    }));
  return {
    epoch,
    split,
    samples: outputs.sampleRows.length,
    settings,
    mined: fallbackRows !== null,
    classDistributions: names.map((name, k) => ({
      class: name,
      recorded: row(toFuse.classDistributions, k),
      distribution: row(classDistributions, k),
      fallback: fallbackRows?.[k] ?? null,
    })),
    recorded: summarise(recorded, inputs),
    changed: summarise(fused, inputs),
    flips,
    flipCounts,
    csvUrl: `/what-if/${run.id}.csv?split=${split}&epoch=${epoch}&input=${encodeURIComponent(JSON.stringify(input))}`,
    changeOf,
  };
}

function sampleOf(fused: FusedSplit, n: number, names: readonly string[]): FusedSample {
  const votesKl = fused.votesKl[n];
  return {
    distribution: fused.distributions.subarray(n * names.length, (n + 1) * names.length),
    class: names[fused.classes[n]],
    weight: fused.weights[n],
    entropy: fused.entropies[n],
    votesKl: Number.isNaN(votesKl) ? null : votesKl,
  };
}

function summarise(fused: FusedSplit, { outputs, clean, votesClass }: FusionInputs): FusionSummary {
  const classes = fused.distributions.length / fused.classes.length;
  return {
    weight: meanOfKnown(fused.weights),
    entropy: meanOfKnown(fused.entropies),
    entropies: histogram(fused.entropies, 0, Math.log(classes), entropyBins),
    votesKl: meanOfKnown(fused.votesKl),
    agreesWithGiven: agreement(fused.classes, outputs.labels),
    agreesWithClean: agreement(fused.classes, clean),
    agreesWithVotes: agreement(fused.classes, votesClass),
  };
}

/** Null where nothing is known. */
function meanOfKnown(values: Float32Array): number | null {
  let [sum, known] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known > 0 ? sum / known : null;
}

/** Share of the samples that have both; null without any. */
function agreement(one: Int16Array, other: ArrayLike<number>): number | null {
  let [same, both] = [0, 0];
  for (let n = 0; n < one.length; n++) {
    if (one[n] < 0 || other[n] < 0) continue;
    both++;
    if (one[n] === other[n]) same++;
  }
  return both > 0 ? same / both : null;
}
