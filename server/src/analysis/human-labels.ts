import type { EntityManager } from 'typeorm';
import { argmax } from './metrics/argmax.js';

/** What people and sources other than the given label say of N samples. */
export interface HumanLabels {
  /** Class indices, `[N]`; -1 where unknown. */
  clean: Int16Array;
  /** Vote distributions, `[C]` each; null without a vote for any class. */
  votes: (number[] | null)[];
}

/** Clean labels and votes of samples by their rows, in that order. */
export async function readHumanLabels(manager: EntityManager, sampleRows: Int32Array): Promise<HumanLabels> {
  const rows: { row: number; clean_label: number | null; votes: number[] | null }[] = await manager.query(
    'SELECT "row", clean_label, votes FROM sample WHERE "row" = ANY($1::int[]) AND (clean_label IS NOT NULL OR votes IS NOT NULL)',
    [`{${sampleRows.join(',')}}`],
  );
  const byRow = new Map(rows.map((row) => [row.row, row]));
  return {
    clean: Int16Array.from(sampleRows, (row) => byRow.get(row)?.clean_label ?? -1),
    votes: Array.from(sampleRows, (row) => voteDistribution(byRow.get(row)?.votes ?? null)),
  };
}

/** Votes divided by their sum; null without a vote for any class. */
export function voteDistribution(votes: readonly number[] | null): number[] | null {
  const total = votes?.reduce((sum, count) => sum + count, 0) ?? 0;
  return votes && total > 0 ? votes.map((count) => count / total) : null;
}

/** The class with the most votes; -1 without votes. */
export function votesLabel(distribution: readonly number[] | null): number {
  return distribution ? argmax(distribution) : -1;
}
