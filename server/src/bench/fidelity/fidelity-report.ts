import { markdownTable } from '../../engine/bench/table.js';
import { studentQuantile } from '../../metrics/student.js';
import { standardDeviation } from '../../metrics/paired-seeds.js';
import { mean } from '../../metrics/summary.js';
import {
  type Arm,
  type FidelityPlan,
  type Outcome,
  outcomeFacts,
  outcomes,
  type SeedResults,
} from './fidelity-plan.js';

/** Two one-sided tests at 5 %: the 90 % interval has to lie within the bounds. */
const oneSided = 0.95;
/** Steps at which losses are compared, counted from 1. */
const comparedSteps = [1, 2, 3, 4, 6, 10, 20, 40, 80];

/** Of the seeds, this engine less PyTorch. */
export interface Difference {
  mean: number;
  /** 90 % interval; infinite for one seed. */
  low: number;
  high: number;
}

export type Verdict = 'equivalent' | 'different' | 'undecided';

/** A difference within the bounds is too small to matter; one that lies outside of them with its whole interval is not. */
export function verdictOf({ low, high }: Difference, bound: number): Verdict {
  if (low >= -bound && high <= bound) return 'equivalent';
  return low > bound || high < -bound ? 'different' : 'undecided';
}

/** Each side of a seed is the mean of its two trainings. Pairs by seed, t interval. */
export function differenceOf(results: readonly SeedResults[], outcome: Outcome): Difference {
  const side = (seed: SeedResults, one: Arm, again: Arm): number => (seed[one][outcome] + seed[again][outcome]) / 2;
  const pairs = results.map((seed) => side(seed, 'ours', 'oursAgain') - side(seed, 'torch', 'torchAgain'));
  const centre = mean(pairs);
  if (pairs.length < 2) return { mean: centre, low: -Infinity, high: Infinity };
  const half = (studentQuantile(oneSided, pairs.length - 1) * standardDeviation(pairs)) / Math.sqrt(pairs.length);
  return { mean: centre, low: centre - half, high: centre + half };
}

/** Root mean square of the difference of two arms over the seeds. */
function apart(results: readonly SeedResults[], one: Arm, other: Arm, outcome: Outcome): number {
  const squares = results.map((seed) => (seed[one][outcome] - seed[other][outcome]) ** 2);
  return Math.sqrt(mean(squares));
}

/** Markdown: what was trained, outcomes with intervals and controls, and how the losses part. */
export function fidelityReport(plan: FidelityPlan, results: readonly SeedResults[], names: [string, string]): string {
  return [
    `${results.length} seeds, ${plan.trainFaces} drawn faces to train on and ${plan.testFaces} to test, ${plan.size} px, width ${plan.width}, batch ${plan.batch}, ${plan.epochs} epochs; ${names[0]} and ${names[1]}.`,
    '',
    markdownTable(outcomeRows(results)),
    '',
    'Root mean square difference of the losses of a step, over the seeds:',
    '',
    markdownTable(stepRows(results)),
  ].join('\n');
}

function outcomeRows(results: readonly SeedResults[]): string[][] {
  const head = [
    '',
    'ours',
    'PyTorch',
    'ours less PyTorch [90 %]',
    'bound',
    'verdict',
    'ours : rerun',
    'PyTorch : rerun',
    'ours : PyTorch',
  ];
  return [
    head,
    ...outcomes.map((outcome) => {
      const { label, bound } = outcomeFacts[outcome];
      const difference = differenceOf(results, outcome);
      const of = (arm: Arm): string => {
        const values = results.map((seed) => seed[arm][outcome]);
        const spread = values.length > 1 ? ` ± ${standardDeviation(values).toFixed(3)}` : '';
        return `${mean(values).toFixed(3)}${spread}`;
      };
      return [
        label,
        of('ours'),
        of('torch'),
        `${signed(difference.mean)} [${signed(difference.low)}, ${signed(difference.high)}]`,
        `± ${bound}`,
        verdictOf(difference, bound),
        apart(results, 'ours', 'oursAgain', outcome).toFixed(3),
        apart(results, 'torch', 'torchAgain', outcome).toFixed(3),
        apart(results, 'ours', 'torch', outcome).toFixed(3),
      ];
    }),
  ];
}

function stepRows(results: readonly SeedResults[]): string[][] {
  const count = results[0].ours.steps.length;
  const rows = comparedSteps.filter((step) => step <= count);
  const at = (one: Arm, other: Arm, step: number): string => {
    const squares = results.map((seed) => (seed[one].steps[step - 1] - seed[other].steps[step - 1]) ** 2);
    return Math.sqrt(mean(squares)).toExponential(1);
  };
  return [
    ['step', 'ours : PyTorch', 'ours : rerun', 'PyTorch : rerun'],
    ...rows.map((step) => [
      String(step),
      at('ours', 'torch', step),
      at('ours', 'oursAgain', step),
      at('torch', 'torchAgain', step),
    ]),
  ];
}

function signed(value: number): string {
  return Number.isFinite(value) ? `${value < 0 ? '' : '+'}${value.toFixed(3)}` : String(value);
}
