import { randomFrom, seedOf } from '../random.js';
import { Split } from '../split.js';
import { type Activation, drawnClasses, visibleUnits } from './action-units.js';
import { type Conditions, drawConditions, observerScaleIn } from './conditions.js';
import { indexOfLargest } from './elementary.js';
import { drawExpression } from './expression.js';
import { observerPosterior } from './observer.js';
import { countVotes, drawVotes, pluralityOf } from './raters.js';
import { defaultSettings, type DrawnFaceSettings } from './settings.js';

/** Changes whenever the same seed would give another picture or label. */
export const generatorVersion = 1;

/** Pictures of one person; all are in one split. */
export const picturesOfAPerson = 12;

/**
 * Which label the training split is given: most raters', or that of one rater alone, as in FER2013, which is wrong
 * about four times as often.
 */
export type GivenLabelRule = 'plurality' | 'rater';

export interface DrawnFace {
  split: Split;
  /** Like `train-012`. */
  subject: string;
  /** Like `train-012-07`. */
  key: string;
  activation: Activation;
  conditions: Conditions;
  /** What an observer of the picture would answer, `[C]`. */
  trueDistribution: number[];
  votes: number[];
  /** The most probable class. */
  cleanLabelIndex: number;
  givenLabelIndex: number;
}

/**
 * Everything about a face but its pixels. It depends on seed, split and number alone: a larger data set of the same
 * seed begins with the same faces.
 * Validation and test are labelled by the plurality, whatever the rule: they have to tell how good a model is.
 */
export function drawnFace(
  seed: number,
  split: Split,
  number: number,
  rule: GivenLabelRule = 'plurality',
  settings: DrawnFaceSettings = defaultSettings,
): DrawnFace {
  const folder = split.toLowerCase();
  const person = Math.floor(number / picturesOfAPerson);
  const subject = `${folder}-${String(person).padStart(3, '0')}`;
  const key = `${subject}-${String(number % picturesOfAPerson).padStart(2, '0')}`;
  const random = randomFrom(seedOf(`${seed}:${key}`));
  const { activation } = drawExpression(random, settings);
  const conditions = drawConditions(random, settings);
  const trueDistribution = observerPosterior(
    activation,
    visibleUnits(conditions.occluder),
    observerScaleIn(conditions, settings.observerScale),
  );
  const choices = drawVotes(trueDistribution, random, settings);
  const votes = countVotes(choices, drawnClasses.length);
  const plurality = pluralityOf(votes, random);
  const givenLabelIndex = rule === 'rater' && split === Split.TRAIN ? choices[0] : plurality;
  return {
    split,
    subject,
    key,
    activation,
    conditions,
    trueDistribution,
    votes,
    cleanLabelIndex: indexOfLargest(trueDistribution),
    givenLabelIndex,
  };
}
