import type { ComparedLabels, RunComparisonQuery, Split } from '../../graphql/generated/graphql';

export type Comparison = RunComparisonQuery['runComparison'];

export interface PairChoice {
  before: string;
  after: string;
  split: Split;
  labels: ComparedLabels;
}
