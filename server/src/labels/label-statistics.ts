import { splits } from '../split.js';
import { noLabel } from './label-set-chunk.entity.js';
import type { LabelBalance, LabelSet } from './label-set.entity.js';
import type { SampleFacts } from './sample-facts.js';

export type LabelStatistics = Pick<
  LabelSet,
  'labelled' | 'missing' | 'differsFromGiven' | 'differsFromClean' | 'balance'
>;

/** What is counted over a set once, when it is made. @param labels `[N]` by `sample.index` @param classes C */
export function labelStatistics(labels: Int16Array, facts: SampleFacts, classes: number): LabelStatistics {
  const balances = splits.map((split): LabelBalance => ({
    split,
    labelled: 0,
    missing: 0,
    classCounts: new Array<number>(classes).fill(0),
  }));
  let differsFromGiven = 0;
  let differsFromClean = 0;
  let cleanKnown = false;
  for (let index = 0; index < facts.splits.length; index++) {
    const balance = balances[facts.splits[index]];
    if (!balance) continue;
    cleanKnown ||= facts.clean[index] !== noLabel;
    const label = labels[index];
    if (label === noLabel) {
      balance.missing++;
      continue;
    }
    balance.labelled++;
    balance.classCounts[label]++;
    if (label !== facts.given[index]) differsFromGiven++;
    if (facts.clean[index] !== noLabel && label !== facts.clean[index]) differsFromClean++;
  }
  return {
    labelled: balances.reduce((sum, { labelled }) => sum + labelled, 0),
    missing: balances.reduce((sum, { missing }) => sum + missing, 0),
    differsFromGiven,
    differsFromClean: cleanKnown ? differsFromClean : null,
    balance: balances.filter(({ labelled, missing }) => labelled + missing > 0),
  };
}
