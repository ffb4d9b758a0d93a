/** What both sides train, and how close they have to be. */
export interface FidelityPlan {
  trainFaces: number;
  testFaces: number;
  size: number;
  width: number;
  batch: number;
  epochs: number;
  threshold: number;
  beta: number;
  lr: number;
  decay: number;
  tops: number;
  margin: number;
  minw: number;
  maxw: number;
}

const paper = { threshold: 0.7, beta: 3, lr: 1e-3, decay: 0.9, tops: 0.7, margin: 0.07, minw: 0.2, maxw: 1 };
export const wholePlan: FidelityPlan = {
  ...paper,
  trainFaces: 640,
  testFaces: 640,
  size: 48,
  width: 16,
  batch: 32,
  epochs: 10,
};
/** Enough to see that both sides run. */
export const quickPlan: FidelityPlan = {
  ...paper,
  trainFaces: 96,
  testFaces: 64,
  size: 32,
  width: 8,
  batch: 16,
  epochs: 2,
};

/** First weights are multiplied by 1 + or - this in the rerun: one or two units of the last place of a float32. */
export const perturbation = 1e-7;

/** What is read off a finished training. */
export const outcomes = ['accuracy', 'divergence', 'loss', 'attention'] as const;
export type Outcome = (typeof outcomes)[number];

export interface OutcomeFacts {
  label: string;
  /** Named before anything is trained: a mean difference within it would matter to nobody. */
  bound: number;
}

export const outcomeFacts: Readonly<Record<Outcome, OutcomeFacts>> = {
  accuracy: { label: 'accuracy on test faces', bound: 0.04 },
  divergence: { label: 'KL of truth to target, test faces', bound: 0.06 },
  loss: { label: 'mean loss of the last epoch', bound: 0.05 },
  attention: { label: 'mean attention w on test faces', bound: 0.03 },
};

export interface Trained extends Record<Outcome, number> {
  /** Loss of every step. */
  steps: number[];
}

/** Four trainings of a seed: two sides, each from the first weights and from those moved by `perturbation`. */
export const arms = ['ours', 'oursAgain', 'torch', 'torchAgain'] as const;
export type Arm = (typeof arms)[number];
export type SeedResults = Record<Arm, Trained>;
