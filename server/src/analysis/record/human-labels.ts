import type { EntityManager } from 'typeorm';
import { noLabel } from '../../labels/label-set-chunk.entity.js';
import { LabelSetKind } from '../../labels/label-set-kind.js';
import { LabelSet } from '../../labels/label-set.entity.js';
import { readLabels } from '../../labels/label-store.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import type { KnownOfSample } from './measured-sample.js';
import { argmax } from '../../metrics/argmax.js';

/** What people and sources other than the given label say of N samples. */
export interface HumanLabels {
  /** Class indices, `[N]`; -1 where unknown. */
  clean: Int16Array;
  /** Vote distributions, `[C]` each; null without a vote for any class. */
  votes: (number[] | null)[];
  /** Raters who voted for one of the classes, `[N]`. */
  voters: Int32Array;
  /** True distributions, `[C]` each, where they are known. */
  truth: (number[] | null)[];
}

/** What is known of sample n. */
export function knownOf({ clean, votes, voters, truth }: HumanLabels, n: number): KnownOfSample {
  return { votes: votes[n], voters: voters[n], clean: clean[n], truth: truth[n] };
}

/**
 * Clean labels and votes of samples of a run by their rows, in that order. Where no clean label is known and the run
 * trained on labels with injected
 * noise, those from before the noise count as clean.
 */
export async function readHumanLabels(
  manager: EntityManager,
  run: TrainingRun,
  sampleRows: Int32Array,
): Promise<HumanLabels> {
  const rows: KnownRow[] = await manager.query(
    'SELECT "row", "index", clean_label, votes, true_distribution FROM sample WHERE "row" = ANY($1::int[])',
    [`{${sampleRows.join(',')}}`],
  );
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const before = await labelsBeforeNoise(manager, run.labelSetRow);
  return {
    clean: Int16Array.from(
      sampleRows,
      (row) => byRow.get(row)?.clean_label ?? before?.[byRow.get(row)?.index ?? -1] ?? noLabel,
    ),
    votes: Array.from(sampleRows, (row) => voteDistribution(byRow.get(row)?.votes ?? null)),
    voters: Int32Array.from(sampleRows, (row) => votersOf(byRow.get(row)?.votes ?? null)),
    truth: Array.from(sampleRows, (row) => byRow.get(row)?.true_distribution ?? null),
  };
}

/** By `sample.index`; null where the set is none of injected noise. */
async function labelsBeforeNoise(manager: EntityManager, labelSetRow: number): Promise<Int16Array | null> {
  const set = await manager.getRepository(LabelSet).findOneBy({ row: labelSetRow, kind: LabelSetKind.NOISE });
  return set?.parentRow ? readLabels(manager, set.parentRow) : null;
}

interface KnownRow {
  row: number;
  index: number;
  clean_label: number | null;
  votes: number[] | null;
  true_distribution: number[] | null;
}

/** Votes for any of the classes. */
export function votersOf(votes: readonly number[] | null): number {
  return votes?.reduce((sum, count) => sum + count, 0) ?? 0;
}

/** Votes divided by their sum; null without a vote for any class. */
export function voteDistribution(votes: readonly number[] | null): number[] | null {
  const total = votersOf(votes);
  return votes && total > 0 ? votes.map((count) => count / total) : null;
}

/** The class with the most votes; -1 without votes. */
export function votesLabel(distribution: ArrayLike<number> | null): number {
  return distribution ? argmax(distribution) : -1;
}
