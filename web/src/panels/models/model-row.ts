import type { ModelsQuery } from '../../graphql/generated/graphql';

export type ModelRow = ModelsQuery['models'][number];
