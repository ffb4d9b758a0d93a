import type { ReactNode } from 'react';
import type { ReviewDecisionsQuery, ReviewRunQuery } from '../../graphql/generated/graphql';
import { integer } from '../../theme/format';

export const flushMilliseconds = 60_000;

export interface RetrainFormProps {
  dataset: string;
  counts: NonNullable<ReviewDecisionsQuery['dataset']>;
  run: NonNullable<ReviewRunQuery['trainingRun']>;
  waiting: number;
}

export function DecidedSoFar({ counts, waiting }: Pick<RetrainFormProps, 'counts' | 'waiting'>): ReactNode {
  return (
    <p>
      <b>{integer(counts.relabelled.totalCount)} labels changed</b>, {integer(counts.confirmed.totalCount)} confirmed,{' '}
      {integer(counts.unsure.totalCount)} unsure on this data set so far.
      {waiting > 0 && ` ${integer(waiting)} more are being stored and will be in.`}
    </p>
  );
}

/** "reviewed 1", or the next number that is free. */
export function freeName(taken: readonly string[]): string {
  for (let number = 1; ; number++) if (!taken.includes(`reviewed ${number}`)) return `reviewed ${number}`;
}
