'use client';
import { useQuery } from '@apollo/client/react';
import { RunTrustPlaceDocument, type Split } from '../../graphql/generated/graphql';
import { useUrlState } from '../../navigation/url-state';

export interface TrustPlace {
  split: Split;
  /** Null is the newest. */
  epoch: number | null;
  /** The newest that is recorded: what was asked of it is old when it changes. */
  newest: number;
}

const usual: readonly Split[] = ['VALIDATION', 'TEST', 'TRAIN'];

/** Split and epoch that the page shows; null while there is none. */
export function useTrustPlace(run: string): TrustPlace | null {
  const url = useUrlState();
  const found = useQuery(RunTrustPlaceDocument, { variables: { id: run } }).data?.trainingRun;
  if (!found?.newest) return null;
  const splits = found.dataset.splits.map(({ split }) => split);
  const split = splits.find((one) => one === url.get('split')) ?? usual.find((one) => splits.includes(one));
  return split ? { split, epoch: url.count('epoch'), newest: found.newest.number } : null;
}
