import { registerEnumType } from 'type-graphql';

export enum ModelStage {
  CANDIDATE = 'CANDIDATE',
  PRODUCTION = 'PRODUCTION',
  ARCHIVED = 'ARCHIVED',
}
registerEnumType(ModelStage, {
  name: 'ModelStage',
  description: 'Where a version of a model stands in its family.',
  valuesConfig: {
    CANDIDATE: { description: 'As it was trained or imported.' },
    PRODUCTION: { description: 'The one in use: at most one a family, and what `predict(family)` answers with.' },
    ARCHIVED: { description: 'Out of use; kept, and what a roll-back may go back to.' },
  },
});

export enum StageAction {
  PROMOTE = 'PROMOTE',
  ROLL_BACK = 'ROLL_BACK',
  ARCHIVE = 'ARCHIVE',
  RESTORE = 'RESTORE',
}
registerEnumType(StageAction, {
  name: 'StageAction',
  description: 'Why the stage of a model changed.',
  valuesConfig: {
    PROMOTE: { description: 'It went into production; the version before went into the archive.' },
    ROLL_BACK: { description: 'It came back into production because the version after it was taken out.' },
    ARCHIVE: { description: 'A person put it away.' },
    RESTORE: { description: 'A person took it out of the archive, to be a candidate again.' },
  },
});
