import { registerEnumType } from 'type-graphql';
import { allMeasures, describeMeasure, Measure } from './measure.js';

export enum Opinion {
  GIVEN = 'GIVEN',
  CLEAN = 'CLEAN',
  VOTES = 'VOTES',
  AUXILIARY = 'AUXILIARY',
  FUSED = 'FUSED',
  TARGET = 'TARGET',
}
registerEnumType(Opinion, {
  name: 'Opinion',
  description: 'Who says which class a sample shows. Of tied classes the first in `Dataset.classes` counts.',
  valuesConfig: {
    GIVEN: { description: 'The label the run was given.' },
    CLEAN: { description: 'The correct label, where it is known.' },
    VOTES: { description: 'The class with the most votes.' },
    AUXILIARY: { description: 'The highest class of the label distribution p.' },
    FUSED: { description: 'The highest class of the fused distribution q.' },
    TARGET: { description: "The highest class of the target distribution: the model's prediction." },
  },
});

export enum DistributionKind {
  LABEL = 'LABEL',
  CLASS = 'CLASS',
  FUSED = 'FUSED',
  TARGET = 'TARGET',
  VOTES = 'VOTES',
  TRUE = 'TRUE',
}
registerEnumType(DistributionKind, {
  name: 'DistributionKind',
  description: 'A distribution that belongs to a sample.',
  valuesConfig: {
    LABEL: { description: 'p = softmax(z1), what the auxiliary branch says.' },
    CLASS: { description: 'L[y], the class distribution of the given label.' },
    FUSED: { description: 'q = (1 - v) p + v L[y].' },
    TARGET: { description: 'softmax(z2), what the model predicts.' },
    VOTES: { description: 'Votes of people divided by their sum.' },
    TRUE: { description: '`Sample.trueDistribution`, where it is known.' },
  },
});

export enum DistanceMeasure {
  KULLBACK_LEIBLER = 'KULLBACK_LEIBLER',
  JENSEN_SHANNON = 'JENSEN_SHANNON',
  CHEBYSHEV = 'CHEBYSHEV',
  CLARK = 'CLARK',
  CANBERRA = 'CANBERRA',
  COSINE = 'COSINE',
  INTERSECTION = 'INTERSECTION',
  EUCLIDEAN = 'EUCLIDEAN',
  HELLINGER = 'HELLINGER',
}
registerEnumType(DistanceMeasure, {
  name: 'DistanceMeasure',
  description: 'A measure between distributions u (`from`) and v (`to`), as PyLDL computes it; natural logarithms.',
  valuesConfig: {
    KULLBACK_LEIBLER: { description: 'sum u log(u / v), in nats. Not symmetric.' },
    JENSEN_SHANNON: { description: 'The divergence, in [0, log 2] nats; not its square root.' },
    CHEBYSHEV: { description: 'max |u - v|, in [0, 1].' },
    CLARK: { description: 'sqrt(sum (u - v)^2 / (u + v)^2), in [0, sqrt C].' },
    CANBERRA: { description: 'sum |u - v| / (u + v), in [0, C].' },
    COSINE: { description: 'A similarity: 1 for the same direction.' },
    INTERSECTION: { description: 'A similarity: sum min(u, v), 1 for equal distributions.' },
    EUCLIDEAN: { description: 'sqrt(sum (u - v)^2), in [0, sqrt 2].' },
    HELLINGER: { description: 'sqrt(1 - sum sqrt(u v)), in [0, 1].' },
  },
});

export enum ConfidentRule {
  CLEANLAB = 'CLEANLAB',
  NORTHCUTT = 'NORTHCUTT',
}
registerEnumType(ConfidentRule, {
  name: 'ConfidentRule',
  description:
    'Where confident learning counts a sample of which several classes reach their thresholds. Both compare with t_k - 1e-6, t_k at least 2e-6, and suspect no label that is the prediction.',
  valuesConfig: {
    CLEANLAB: { description: 'At the highest class of all, as cleanlab 2: it need not reach its own threshold.' },
    NORTHCUTT: { description: 'At the highest of the classes that reach theirs: equation 1 of arXiv 1911.00068.' },
  },
});

/** What a list of analyses is sorted by: the order of the data set, or a measure. */
export const AnalysisOrder = { INDEX: 'INDEX', ...Measure } as const;
export type AnalysisOrder = 'INDEX' | Measure;
registerEnumType(AnalysisOrder, {
  name: 'AnalysisOrder',
  description:
    'What a list of analyses is sorted by. Samples without a value come last in both directions; of FORGETTING_EVENTS they count as the highest.',
  valuesConfig: {
    INDEX: { description: '`Sample.index`.' },
    ...Object.fromEntries(allMeasures.map((name) => [name, { description: describeMeasure(name) }])),
  },
});

export enum OrderDirection {
  ASCENDING = 'ASCENDING',
  DESCENDING = 'DESCENDING',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: { ASCENDING: { description: 'Lowest first.' }, DESCENDING: { description: 'Highest first.' } },
});
