import { registerEnumType } from 'type-graphql';

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
  },
});

export enum AnalysisOrder {
  INDEX = 'INDEX',
  ENTROPY = 'ENTROPY',
  MARGIN = 'MARGIN',
  SELF_CONFIDENCE = 'SELF_CONFIDENCE',
  ATTENTION = 'ATTENTION',
  FUSION_WEIGHT = 'FUSION_WEIGHT',
  VOTES_KL_FUSED = 'VOTES_KL_FUSED',
}
registerEnumType(AnalysisOrder, {
  name: 'AnalysisOrder',
  description: 'What a list of analyses is sorted by.',
  valuesConfig: {
    INDEX: { description: '`Sample.index`.' },
    ENTROPY: { description: 'Entropy of the label distribution.' },
    MARGIN: { description: 'Highest minus second highest value of the target distribution.' },
    SELF_CONFIDENCE: { description: 'Target distribution at the given label.' },
    ATTENTION: { description: 'Mean attention w.' },
    FUSION_WEIGHT: { description: 'v.' },
    VOTES_KL_FUSED: { description: 'KL(votes || fused distribution); samples without votes come last.' },
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
