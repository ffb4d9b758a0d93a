import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Split } from '../../split.js';
import type { SplitMetrics } from '../record/split-metrics.entity.js';

export enum ResultRule {
  BEST_ON_VALIDATION = 'BEST_ON_VALIDATION',
  LAST = 'LAST',
  MEAN_OF_LAST_FIVE = 'MEAN_OF_LAST_FIVE',
  BEST_ON_TEST = 'BEST_ON_TEST',
}
registerEnumType(ResultRule, {
  name: 'ResultRule',
  description: 'Which epoch a run is reported by.',
  valuesConfig: {
    BEST_ON_VALIDATION: { description: 'The first with the highest validation accuracy: honest, for test had no say.' },
    LAST: { description: 'The newest: honest where the number of epochs was fixed before.' },
    MEAN_OF_LAST_FIVE: {
      description: 'Means over the newest five (or as many as there are): less noisy than the last.',
    },
    BEST_ON_TEST: {
      description:
        'The first with the highest test accuracy, as many papers report: optimistic, for it was chosen by what it reports.',
    },
  },
});

@ObjectType({
  description:
    'What a run reached, by one way of choosing the epoch. Target branch against given labels. Null for a split the data set lacks.',
})
export class RunResult {
  @Field(() => ResultRule, { description: 'How its epoch was chosen.' })
  rule!: ResultRule;

  @Field(() => [Int], { description: 'The epoch, or those averaged; counted from 1.' })
  epochs!: number[];

  @Field(() => Boolean, { description: 'Test chose the epoch, so its own numbers are too good.' })
  optimistic!: boolean;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  validationAccuracy!: number | null;

  @Field(() => Float, { nullable: true, description: 'In [0, 1].' })
  testAccuracy!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean recall over the classes of test, in [0, 1].' })
  testBalancedAccuracy!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean F1 over the classes of test, in [0, 1].' })
  testMacroF1!: number | null;
}

const averagedEpochs = 5;

type Measured = Pick<SplitMetrics, 'epoch' | 'split' | 'accuracy' | 'balancedAccuracy' | 'macroF1'>;

/**
 * @param metrics of every epoch and split of a run. Rules that lack their split are left out; empty before the first
 * epoch.
 */
export function resultsOf(metrics: readonly Measured[]): RunResult[] {
  const epochs = [...new Set(metrics.map(({ epoch }) => epoch))].sort((a, b) => a - b);
  if (epochs.length === 0) return [];
  const rules: [ResultRule, number[]][] = [
    [ResultRule.BEST_ON_VALIDATION, best(metrics, Split.VALIDATION)],
    [ResultRule.LAST, epochs.slice(-1)],
    [ResultRule.MEAN_OF_LAST_FIVE, epochs.slice(-averagedEpochs)],
    [ResultRule.BEST_ON_TEST, best(metrics, Split.TEST)],
  ];
  return rules.filter(([, chosen]) => chosen.length > 0).map(([rule, chosen]) => resultOf(rule, chosen, metrics));
}

function resultOf(rule: ResultRule, epochs: number[], metrics: readonly Measured[]): RunResult {
  const mean = (split: Split, name: 'accuracy' | 'balancedAccuracy' | 'macroF1'): number | null => {
    const values = metrics
      .filter((each) => each.split === split && epochs.includes(each.epoch))
      .map((each) => each[name]);
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  };
  return Object.assign(new RunResult(), {
    rule,
    epochs,
    optimistic: rule === ResultRule.BEST_ON_TEST,
    validationAccuracy: mean(Split.VALIDATION, 'accuracy'),
    testAccuracy: mean(Split.TEST, 'accuracy'),
    testBalancedAccuracy: mean(Split.TEST, 'balancedAccuracy'),
    testMacroF1: mean(Split.TEST, 'macroF1'),
  });
}

/** The first epoch of the highest accuracy on a split, alone; empty without the split. */
function best(metrics: readonly Measured[], split: Split): number[] {
  const of = metrics
    .filter((each) => each.split === split)
    .sort((a, b) => b.accuracy - a.accuracy || a.epoch - b.epoch);
  return of.slice(0, 1).map(({ epoch }) => epoch);
}
