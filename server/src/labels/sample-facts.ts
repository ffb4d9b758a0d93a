import type { EntityManager } from 'typeorm';
import { type Split, splits } from '../split.js';
import { noLabel } from './label-set-chunk.entity.js';

/** What a label set needs to know of the N samples of a data set, by `sample.index`. */
export interface SampleFacts {
  /** `[N]`: place in `splits`; -1 where no sample has this index. */
  splits: Int8Array;
  /** `[N]` */
  given: Int16Array;
  /** `[N]`; `noLabel` where unknown. */
  clean: Int16Array;
}

/** Samples put into one row of an answer: few rows, each of moderate size. */
const samplesPerRow = 8192;

export async function readSampleFacts(manager: EntityManager, datasetRow: number): Promise<SampleFacts> {
  const rows: { index: number[]; split: number[]; given: number[]; clean: number[] }[] = await manager.query(
    `SELECT array_agg("index" ORDER BY "index") AS index,
            array_agg((CASE split WHEN 'TRAIN' THEN 0 WHEN 'VALIDATION' THEN 1 ELSE 2 END)::smallint ORDER BY "index") AS split,
            array_agg(given_label ORDER BY "index") AS given,
            array_agg(coalesce(clean_label, ${noLabel})::smallint ORDER BY "index") AS clean
       FROM sample WHERE dataset_row = $1 GROUP BY "index" / ${samplesPerRow}`,
    [datasetRow],
  );
  const samples = rows.reduce((most, { index }) => Math.max(most, index.at(-1)! + 1), 0);
  const facts = {
    splits: new Int8Array(samples).fill(-1),
    given: new Int16Array(samples).fill(noLabel),
    clean: new Int16Array(samples).fill(noLabel),
  };
  for (const { index, split, given, clean } of rows) {
    index.forEach((place, n) => {
      facts.splits[place] = split[n];
      facts.given[place] = given[n];
      facts.clean[place] = clean[n];
    });
  }
  return facts;
}

/** Whether the sample of this index belongs to the split. */
export function isIn(facts: SampleFacts, index: number, split: Split): boolean {
  return facts.splits[index] === splits.indexOf(split);
}

/** The class with the most votes, by `sample.index`. */
export interface VoteLabels {
  /** `[N]`; `noLabel` without a vote for any class. Of tied classes the first. */
  labels: Int16Array;
  /** Samples whose highest vote several classes share. */
  tied: number;
}

/** Null where no sample has a vote. @param samples N */
export async function readVoteLabels(
  manager: EntityManager,
  datasetRow: number,
  samples: number,
): Promise<VoteLabels | null> {
  const rows: { index: number[]; label: number[]; tied: number }[] = await manager.query(
    `SELECT array_agg(s."index") AS index, array_agg((array_position(s.votes, top.votes) - 1)::smallint) AS label, count(*) FILTER (WHERE top.sharers > 1)::int AS tied
       FROM sample s, LATERAL (SELECT v AS votes, count(*) AS sharers FROM unnest(s.votes) v GROUP BY v ORDER BY v DESC LIMIT 1) top
      WHERE s.dataset_row = $1 AND top.votes > 0 GROUP BY s."index" / ${samplesPerRow}`,
    [datasetRow],
  );
  if (rows.length === 0) return null;
  const labels = new Int16Array(samples).fill(noLabel);
  for (const { index, label } of rows) index.forEach((place, n) => (labels[place] = label[n]));
  return { labels, tied: rows.reduce((sum, { tied }) => sum + tied, 0) };
}
