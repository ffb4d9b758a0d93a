import type { ReactNode } from 'react';
import type { ExploreRunQuery } from '../../graphql/generated/graphql';

export type ExploredRun = NonNullable<ExploreRunQuery['trainingRun']>;

/** What one can do with samples that were chosen: `ids` of them, and how they were chosen, in words. */
export type SelectionPart = (chosen: {
  dataset: string;
  classes: readonly string[];
  ids: readonly string[];
  how: string;
  run: string;
  epoch: number;
}) => ReactNode;
