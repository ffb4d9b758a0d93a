import type { EntityManager } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { readSplit } from '../../runs/recorded/columns.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import type { Split } from '../../split.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import { analyseSplit, type SplitAnalysis } from '../record/analyse-split.js';
import { type HumanLabels, readHumanLabels } from '../record/human-labels.js';
import { measures, storedMeasures, type StoredMeasure } from '../record/measure.js';
import type { Fusion } from '../record/measured-sample.js';
import { checkEpoch, newestEpochOf } from '../record/read-aggregates.js';
import { followDynamics } from '../record/run-dynamics.js';
import { EpochFacts, noRange } from '../samples/sample-analyses.js';

/** Everything that is known of the samples of a split after an epoch, `[N]` each. */
export interface SplitNumbers {
  run: TrainingRun;
  epoch: number;
  split: Split;
  classes: number;
  outputs: SplitOutputs;
  fusion: Fusion;
  human: HumanLabels;
  analysis: SplitAnalysis;
}

/** Splits that are kept in memory: about 60 MB each at 300,000 samples. */
const mostKept = 4;

/** Reads what reports over a whole split are made of; keeps what was asked for last. */
export class SplitNumbersReader {
  private readonly held = new Map<string, Promise<SplitNumbers>>();

  /**
   * Null before the first epoch (`epoch` null: the newest). `run` has its data set. @throws InvalidInputError for an
   * epoch or split that the run lacks.
   */
  async read(
    manager: EntityManager,
    run: TrainingRun,
    split: Split,
    epoch: number | null,
  ): Promise<SplitNumbers | null> {
    const newest = await newestEpochOf(manager, run, split);
    if (newest === null) return null;
    const wanted = checkEpoch(epoch, newest);
    const [found]: { row: number }[] = await manager.query(
      'SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2',
      [run.row, wanted],
    );
    const key = `${found?.row} ${split}`;
    const reading = this.held.get(key) ?? readNumbers(manager, run, split, wanted);
    this.held.delete(key);
    this.held.set(key, reading);
    reading.catch(() => this.held.delete(key));
    if (this.held.size > mostKept) this.held.delete(this.held.keys().next().value!);
    return reading;
  }
}

/** Not kept. @throws InvalidInputError for a split without samples. */
export async function readNumbers(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  epoch: number,
): Promise<SplitNumbers> {
  const classes = run.dataset.classes.length;
  const layout = { runRow: run.row, classes, recorded: isRecorded(run) };
  const outputs = await readSplit(manager, layout, split, epoch);
  if (!outputs || outputs.sampleRows.length === 0)
    throw new InvalidInputError('split', `a split that the run saw after epoch ${epoch}`, split);
  const facts = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(run.row, epoch);
  const { classDistributions, attentionRanges } = facts;
  const fusion = { classDistributions, range: attentionRanges[split] ?? noRange, bounds: fusionBounds(run) };
  const human = await readHumanLabels(manager, run, outputs.sampleRows);
  const before = (await followDynamics(manager, layout, epoch - 1, split)).get(split) ?? null;
  const analysis = analyseSplit(outputs, classes, fusion, human, before);
  return { run, epoch, split, classes, outputs, fusion, human, analysis };
}

/** Whether a run trained on what it is asked to judge. */
export function isInSample({ run, split }: SplitNumbers): boolean {
  return split === 'TRAIN' && run.kind === 'TRAINING';
}

/** A score by which labels are suspected or samples found uncertain: of the network alone, and turned so that high means so. */
export interface Score {
  measure: StoredMeasure;
  /** `[N]`; NaN where it is not known. */
  values: Float64Array;
  /** Whether its own suspicious end is low: `values` are then its negatives. */
  low: boolean;
}

/** Every measure of the network that has a suspicious end. */
export function scoresOf({ analysis }: SplitNumbers): Score[] {
  return storedMeasures.flatMap((measure) => {
    const { suspiciousEnd, needs, unknownIsHighest } = measures[measure];
    if (suspiciousEnd === null || needs.some((need) => need !== 'HISTORY')) return [];
    const sign = suspiciousEnd === 'HIGH' ? 1 : -1;
    const unknown = unknownIsHighest ? Infinity : Number.NaN;
    const values = analysis.measures[measure].map((value) => (Number.isNaN(value) ? unknown : sign * value));
    return values.some((value) => Number.isNaN(value)) ? [] : [{ measure, values, low: suspiciousEnd === 'LOW' }];
  });
}
