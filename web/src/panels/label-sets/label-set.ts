import type { LabelSetsQuery } from '../../graphql/generated/graphql';

export type LabelSet = NonNullable<LabelSetsQuery['dataset']>['labelSets'][number];
