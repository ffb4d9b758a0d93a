import type { TermName } from './glossary';

export interface Measure {
  /** In sentences and menus. */
  name: string;
  /** Of at most ten letters: on cards, axes and heads of narrow columns. */
  short: string;
  term: TermName;
  digits: number;
}

/** Every measure of a sample by which lists are ordered, by its name in the API. */
export const measures = {
  ENTROPY: { name: 'entropy', short: 'entropy', term: 'entropy', digits: 2 },
  NORMALISED_ENTROPY: { name: 'normalised entropy', short: 'norm. ent.', term: 'normalisedEntropy', digits: 2 },
  MARGIN: { name: 'margin', short: 'margin', term: 'margin', digits: 2 },
  AMBIGUITY_RATIO: { name: 'ambiguity ratio', short: 'ambiguity', term: 'ambiguityRatio', digits: 2 },
  SELF_CONFIDENCE: { name: 'self-confidence', short: 'self-conf.', term: 'selfConfidence', digits: 2 },
  NORMALISED_MARGIN: { name: 'normalised margin', short: 'n. margin', term: 'normalisedMargin', digits: 2 },
  CONFIDENCE_WEIGHTED_ENTROPY: {
    name: 'confidence-weighted entropy',
    short: 'cw. ent.',
    term: 'confidenceWeightedEntropy',
    digits: 2,
  },
  GIVEN_LABEL_KL: {
    name: 'KL label distribution ‖ given label',
    short: 'KL given',
    term: 'kullbackLeibler',
    digits: 2,
  },
  ATTENTION: { name: 'attention', short: 'attention', term: 'attention', digits: 2 },
  AUXILIARY_ATTENTION: { name: 'auxiliary attention', short: 'a1', term: 'auxiliaryAttention', digits: 2 },
  TARGET_ATTENTION: { name: 'target attention', short: 'a2', term: 'targetAttention', digits: 2 },
  FUSION_WEIGHT: { name: 'fusion weight', short: 'w', term: 'fusionWeight', digits: 2 },
  VOTES_ENTROPY: { name: 'entropy of the votes', short: 'votes ent.', term: 'entropy', digits: 2 },
  VOTES_KL_LABEL: { name: 'KL votes ‖ label distribution', short: 'KL label', term: 'kullbackLeibler', digits: 2 },
  VOTES_KL_FUSED: { name: 'KL votes ‖ fused', short: 'KL fused', term: 'kullbackLeibler', digits: 2 },
  VOTES_KL_TARGET: { name: 'KL votes ‖ target', short: 'KL target', term: 'kullbackLeibler', digits: 2 },
  VOTES_JS_LABEL: { name: 'JS votes, label distribution', short: 'JS label', term: 'jensenShannon', digits: 2 },
  VOTES_JS_FUSED: { name: 'JS votes, fused', short: 'JS fused', term: 'jensenShannon', digits: 2 },
  VOTES_JS_TARGET: { name: 'JS votes, target', short: 'JS target', term: 'jensenShannon', digits: 2 },
  CONFIDENCE: { name: 'confidence over epochs', short: 'confidence', term: 'confidence', digits: 2 },
  VARIABILITY: { name: 'variability over epochs', short: 'variability', term: 'variability', digits: 2 },
  CORRECTNESS: { name: 'correctness over epochs', short: 'correct', term: 'correctness', digits: 2 },
  FORGETTING_EVENTS: { name: 'forgetting events', short: 'forgotten', term: 'forgettingEvents', digits: 0 },
  AUM: { name: 'area under the margin', short: 'AUM', term: 'aum', digits: 2 },
} as const satisfies Record<string, Measure>;

export type MeasureKey = keyof typeof measures;

export function isMeasure(key: string): key is MeasureKey {
  return key in measures;
}

/** A measure's name; one that the dashboard does not know yet in words of its key. */
export function measureName(key: string): string {
  return isMeasure(key) ? measures[key].name : key.toLowerCase().replaceAll('_', ' ');
}
