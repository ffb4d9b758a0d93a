import { registerEnumType } from 'type-graphql';

export enum LabelSetKind {
  GIVEN = 'GIVEN',
  CLEAN = 'CLEAN',
  VOTES = 'VOTES',
  NOISE = 'NOISE',
  RELABELLED = 'RELABELLED',
  PUBLISHED = 'PUBLISHED',
}
registerEnumType(LabelSetKind, {
  name: 'LabelSetKind',
  description: 'Where the labels of a set come from.',
  valuesConfig: {
    GIVEN: {
      description: 'The labels the data set came with. Every data set has exactly one such set, named `given`.',
    },
    CLEAN: { description: 'The correct labels, where they are known; named `clean`.' },
    VOTES: {
      description: 'The class with the most votes, of tied ones the first in `Dataset.classes`; named `votes`.',
    },
    NOISE: { description: 'Another set with some training labels flipped on purpose.' },
    RELABELLED: { description: 'Another set corrected by annotations of people.' },
    PUBLISHED: { description: 'A list of labels that somebody published for the data set.' },
  },
});
