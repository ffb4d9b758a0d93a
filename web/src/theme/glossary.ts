/** Whether a high or a low value is the good one; neither where it depends on what is asked. */
type Better = 'high' | 'low' | 'neither';

export interface Term {
  name: string;
  /** One or two sentences for somebody who has not read the paper. */
  text: string;
  better?: Better;
}

/** What every word of the dashboard means, in the words of the data set (`inWordsOf`). The only place where it is explained. */
export const glossary = {
  adaDf: {
    name: 'Ada-DF',
    text: 'Two branches learn how each {one} spreads over the {classes}. One writes the label distribution, the other learns from what the two fuse to, and each {one} is weighed by how clear it is.',
  },
  labelDistribution: {
    name: 'Label distribution',
    text: 'What the auxiliary branch believes of one {one}: a share for every class, summing to 100 %.',
  },
  classDistribution: {
    name: 'Class distribution',
    text: 'The mean label distribution of all training {many} of one given label: how that class looks on average.',
  },
  fusedDistribution: {
    name: 'Fused distribution',
    text: 'Label and class distribution mixed by the weight w of the {one}. The target branch is taught with it.',
  },
  targetDistribution: {
    name: 'Target distribution',
    text: 'What the target branch predicts: the answer of the model.',
  },
  votes: {
    name: 'Votes',
    text: 'How many people chose each class. Votes for “unknown” or “not a face” are counted apart and are in no share.',
  },
  trueDistribution: {
    name: 'True distribution',
    text: 'Known of drawn faces, what the drawing was made to show, and of data sets that come with it.',
  },
  givenLabel: { name: 'Given label', text: 'The label that the run was trained on, right or wrong.' },
  cleanLabel: {
    name: 'Clean label',
    text: 'The right label, where it is known: of drawn faces, of data sets that come with it, or before noise was added.',
  },
  auxiliaryBranch: {
    name: 'Auxiliary branch',
    text: 'Learns the given labels by cross entropy and yields the label distributions.',
  },
  targetBranch: { name: 'Target branch', text: 'Learns the fused distributions; its answer is the prediction.' },
  fusionWeight: {
    name: 'Fusion weight w',
    text: 'How much of the label distribution goes into the fused one, from w_min to w_max. Low: the {one} is unclear, so the class distribution speaks instead.',
    better: 'neither',
  },
  attention: {
    name: 'Attention',
    text: 'How clear the network finds the {one}, from 0 to 1, mean of both branches. Unclear {many} get little and count less.',
    better: 'neither',
  },
  auxiliaryAttention: {
    name: 'Auxiliary attention a1',
    text: 'Attention of the auxiliary branch, from 0 to 1.',
    better: 'neither',
  },
  targetAttention: {
    name: 'Target attention a2',
    text: 'Attention of the target branch, from 0 to 1.',
    better: 'neither',
  },
  beta: {
    name: 'Ramp β',
    text: 'Epochs until the divergence has its full weight in the loss. Before, the cross entropy leads.',
  },
  threshold: {
    name: 'Threshold t',
    text: 'A class distribution counts once its own class has at least this share; before, an idealised one stands in.',
  },
  ramp: {
    name: 'Ramp',
    text: 'The factor from 0 to 1 that a loss is multiplied by; it changes over the first epochs.',
  },
  entropy: {
    name: 'Entropy',
    text: 'How spread out a distribution is: 0 where one class has everything, the logarithm of the number of classes where all are alike.',
    better: 'neither',
  },
  normalisedEntropy: {
    name: 'Normalised entropy',
    text: 'Entropy divided by its greatest value: 0 is certain, 1 is all classes alike.',
    better: 'neither',
  },
  margin: {
    name: 'Margin',
    text: 'Highest share less the second: 0 is a tie, 1 is certain.',
    better: 'high',
  },
  ambiguityRatio: {
    name: 'Ambiguity ratio',
    text: 'Second highest share divided by the highest: near 1 two classes are equally likely.',
    better: 'low',
  },
  selfConfidence: {
    name: 'Self-confidence',
    text: 'The share that the model gives to the given label. Low: the label may be wrong.',
    better: 'high',
  },
  normalisedMargin: {
    name: 'Normalised margin',
    text: 'Share of the given label against the highest of the others, from 0 to 1. Below a half another class is likelier.',
    better: 'high',
  },
  confidenceWeightedEntropy: {
    name: 'Confidence-weighted entropy',
    text: 'A score of the given label from 0 to 1, of entropy and its share. Low: unclear and probably mislabelled.',
    better: 'high',
  },
  kullbackLeibler: {
    name: 'KL divergence (from ‖ to)',
    text: 'How badly the second distribution describes the first. Not the same both ways, and without an upper end: one class that the second rules out makes it huge.',
    better: 'low',
  },
  jensenShannon: {
    name: 'Jensen-Shannon divergence',
    text: 'A distance of two distributions that is the same both ways, from 0 (equal) to ln 2 = 0.69 (nothing in common).',
    better: 'low',
  },
  confidence: {
    name: 'Confidence over epochs',
    text: 'Mean share of the given label over all epochs. Low throughout: hard, or wrongly labelled.',
    better: 'high',
  },
  variability: {
    name: 'Variability over epochs',
    text: 'Deviation of the share of the given label over the epochs. High: the model keeps changing its mind.',
    better: 'neither',
  },
  correctness: {
    name: 'Correctness over epochs',
    text: 'In what share of the epochs the prediction was the given label.',
    better: 'high',
  },
  forgettingEvents: {
    name: 'Forgetting events',
    text: 'How often {aOne} was right in one epoch and wrong in the next.',
    better: 'low',
  },
  aum: {
    name: 'Area under the margin (AUM)',
    text: 'Mean over the epochs of the given label’s lead over the best other class. Negative {many} are often mislabelled.',
    better: 'high',
  },
  accuracy: { name: 'Accuracy', text: 'Share of {many} whose prediction is their given label.', better: 'high' },
  balancedAccuracy: {
    name: 'Balanced accuracy',
    text: 'Mean recall of the classes: every class counts the same, however few {many} it has.',
    better: 'high',
  },
  macroF1: {
    name: 'Macro F1',
    text: 'Mean of the harmonic mean of precision and recall, over the classes that have samples. scikit-learn also averages classes that are only predicted, as 0, by default: its number is then lower.',
    better: 'high',
  },
  calibrationError: {
    name: 'Calibration error (ECE)',
    text: 'How far the probability the model states lies from how often it is right, on average.',
    better: 'low',
  },
  crossEntropy: {
    name: 'Cross entropy',
    text: 'Loss of the auxiliary branch against the given labels.',
    better: 'low',
  },
  rankLoss: {
    name: 'Rank loss',
    text: 'Keeps the attention of the clear {many} of a batch above that of the unclear ones by a margin.',
    better: 'low',
  },
  optimistic: {
    name: 'Optimistic',
    text: 'Test chose the epoch, so its own number is too good: compare runs by another row.',
  },
  split: {
    name: 'Split',
    text: 'Train is what the network learns from, validation chooses the epoch, test is looked at last.',
  },
  labelSet: {
    name: 'Label set',
    text: 'One label for each {one} of a data set, under a name. Sets never change; decisions of people make a new one.',
  },
  suspect: {
    name: 'Suspect',
    text: '{One} for which confident learning finds another class likelier than its label: begin a review with them.',
  },
  seed: {
    name: 'Seed',
    text: 'Decides everything random of a run. Several seeds of the same settings show how much is chance.',
  },
  budget: {
    name: 'Wrong labels left',
    text: 'Estimated from the {many} decided so far: the share that was changed, carried over to those that wait. It falls as the likeliest are done first, so it is an upper guess.',
    better: 'low',
  },
} as const satisfies Record<string, Term>;

export type TermName = keyof typeof glossary;

/** What a good value is, in words; empty where neither is. */
export function betterWords(term: Term): string {
  if (term.better === 'high') return 'High is good.';
  if (term.better === 'low') return 'Low is good.';
  return term.better === 'neither' ? 'Neither high nor low is good in itself.' : '';
}
