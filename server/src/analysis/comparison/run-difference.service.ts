import type { DataSource } from 'typeorm';
import type { Split } from '../../split.js';
import { globalId } from '../../graphql/global-id.js';
import { agreement } from '../../metrics/agreement.js';
import { confusionCounts } from '../../metrics/confusion.js';
import { differingSettings } from '../../runs/settings/settings-of.js';
import type { RunComparison } from './run-comparison.js';
import {
  PartingKind,
  RightRun,
  type ComparedEpoch,
  type PartAgreement,
  type RightCounts,
  type RunAgreement,
  type SettingChange,
} from './run-difference.js';

/** A sample that two runs predicted; class indices. */
export interface ComparedSample {
  row: number;
  key: string;
  split: Split;
  labelBefore: number;
  labelAfter: number;
  predictionBefore: number;
  predictionAfter: number;
  /** See `PartingKind.AMBIGUITY`; null where neither is known. */
  ambiguity: number | null;
}

const quarters = ['clearest', 'clear', 'ambiguous', 'most ambiguous'];

/** Why two runs differ: what was set otherwise, and where their predictions part. */
export class RunDifferenceService {
  constructor(private readonly dataSource: DataSource) {}

  settings({ before, after }: RunComparison): SettingChange[] {
    const labels =
      before.labelSetRow === after.labelSetRow
        ? []
        : [
            {
              name: 'labelSet',
              before: globalId('labelset', before.labelSetRow),
              after: globalId('labelset', after.labelSetRow),
            },
          ];
    return [...labels, ...differingSettings(before, after)];
  }

  async agreement(comparison: RunComparison): Promise<RunAgreement> {
    return over(await this.samples(comparison, comparison.split), comparison.classes.length);
  }

  async parting(comparison: RunComparison, by: PartingKind): Promise<PartAgreement[]> {
    const samples = await this.samples(comparison, by === PartingKind.SPLIT ? null : comparison.split);
    return partsOf(samples, by, comparison.classes).map(([part, some]) => ({
      part,
      ...over(some, comparison.classes.length),
      accuracyBefore: shareOf(some, ({ labelBefore, predictionBefore }) => labelBefore === predictionBefore),
      accuracyAfter: shareOf(some, ({ labelAfter, predictionAfter }) => labelAfter === predictionAfter),
    }));
  }

  async right(comparison: RunComparison): Promise<RightCounts> {
    const samples = await this.samples(comparison, comparison.split);
    const count = (which: RightRun): number => samples.filter((sample) => rightRun(sample) === which).length;
    return {
      before: count(RightRun.BEFORE),
      after: count(RightRun.AFTER),
      both: count(RightRun.BOTH),
      neither: count(RightRun.NEITHER),
    };
  }

  /** Oldest epoch first. */
  async curves({ before, after, split }: RunComparison): Promise<ComparedEpoch[]> {
    return this.dataSource.query(
      `SELECT coalesce(b.epoch, a.epoch) AS epoch, $3::text AS split, b.accuracy AS before, a.accuracy AS after
         FROM (SELECT epoch, accuracy FROM split_metrics WHERE run_row = $1 AND split = $3::split) b
         FULL JOIN (SELECT epoch, accuracy FROM split_metrics WHERE run_row = $2 AND split = $3::split) a ON a.epoch = b.epoch
        ORDER BY 1`,
      [before.row, after.row, split],
    );
  }

  /** Samples that both runs predicted, each after its newest epoch, in the order of import; of every split where null. */
  samples({ before, after }: Pick<RunComparison, 'before' | 'after'>, split: Split | null): Promise<ComparedSample[]> {
    return this.dataSource.query(
      `SELECT s."row", s.key, a.split, b.given_label AS "labelBefore", a.given_label AS "labelAfter",
              b.target_label AS "predictionBefore", a.target_label AS "predictionAfter",
              coalesce(b.votes_entropy, (b.ambiguity_ratio + a.ambiguity_ratio) / 2) AS ambiguity
         FROM sample_analysis b
         JOIN sample_analysis a ON a.sample_row = b.sample_row AND a.run_row = $2 AND a.split = b.split
         JOIN sample s ON s."row" = b.sample_row
        WHERE b.run_row = $1 AND ($3::split IS NULL OR b.split = $3::split) AND b.target_label IS NOT NULL AND a.target_label IS NOT NULL
        ORDER BY s."row"`,
      [before.row, after.row, split],
    );
  }
}

export function rightRun(sample: ComparedSample): RightRun {
  const before = sample.labelBefore === sample.predictionBefore;
  const after = sample.labelAfter === sample.predictionAfter;
  if (before) return after ? RightRun.BOTH : RightRun.BEFORE;
  return after ? RightRun.AFTER : RightRun.NEITHER;
}

function over(samples: readonly ComparedSample[], classes: number): RunAgreement {
  return agreement(
    confusionCounts(
      samples.map(({ predictionBefore }) => predictionBefore),
      samples.map(({ predictionAfter }) => predictionAfter),
      classes,
    ),
  );
}

function shareOf(samples: readonly ComparedSample[], holds: (sample: ComparedSample) => boolean): number | null {
  return samples.length > 0 ? samples.filter(holds).length / samples.length : null;
}

function partsOf(
  samples: readonly ComparedSample[],
  by: PartingKind,
  classes: readonly string[],
): [string, ComparedSample[]][] {
  if (by === PartingKind.CLASS)
    return classes.map((name, k) => [name, samples.filter(({ labelAfter }) => labelAfter === k)]);
  if (by === PartingKind.SPLIT)
    return [...new Set(samples.map(({ split }) => split))].map((split) => [
      split,
      samples.filter((sample) => sample.split === split),
    ]);
  const known = samples.filter(({ ambiguity }) => ambiguity !== null);
  const sorted = known.sort((one, other) => one.ambiguity! - other.ambiguity! || one.row - other.row);
  return quarters.map((name, n) => [
    name,
    sorted.slice(Math.floor((n * sorted.length) / 4), Math.floor(((n + 1) * sorted.length) / 4)),
  ]);
}
