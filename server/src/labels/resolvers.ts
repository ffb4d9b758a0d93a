import type { DatasetServices } from '../datasets/resolvers.js';
import type { RoomResolvers } from '../graphql/room-resolvers.js';
import {
  AnnotationResolver,
  DatasetAnnotationsResolver,
  LabelSetMutations,
  SampleAnnotationsResolver,
} from './annotation.resolver.js';
import type { AnnotationService } from './annotation.service.js';
import type { LabelSetMaker } from './label-set-maker.js';
import {
  DatasetLabelSetsResolver,
  LabelChangeResolver,
  LabelDiffResolver,
  LabelSetResolver,
  SampleLabelsResolver,
} from './label-set.resolver.js';
import type { LabelSetService } from './label-set.service.js';

export interface LabelServices extends DatasetServices {
  labelSets: LabelSetService;
  labelSetMaker: LabelSetMaker;
  annotations: AnnotationService;
}

export const labelResolvers: RoomResolvers<LabelServices> = {
  resolvers: [
    [LabelSetResolver, ({ labelSets, datasets }) => new LabelSetResolver(labelSets, datasets)],
    [LabelDiffResolver, ({ labelSets }) => new LabelDiffResolver(labelSets)],
    [LabelChangeResolver, ({ samples }) => new LabelChangeResolver(samples)],
    [DatasetLabelSetsResolver, ({ labelSets }) => new DatasetLabelSetsResolver(labelSets)],
    [SampleLabelsResolver, ({ labelSets }) => new SampleLabelsResolver(labelSets)],
    [LabelSetMutations, ({ labelSetMaker }) => new LabelSetMutations(labelSetMaker)],
    [
      AnnotationResolver,
      ({ annotations, labelSets, samples, datasets }) =>
        new AnnotationResolver(annotations, labelSets, samples, datasets),
    ],
    [SampleAnnotationsResolver, ({ annotations }) => new SampleAnnotationsResolver(annotations)],
    [DatasetAnnotationsResolver, ({ annotations }) => new DatasetAnnotationsResolver(annotations)],
  ],
  nodes: ({ annotations, labelSets }) => ({
    annotation: (row) => annotations.byRow(row),
    labelset: (row) => labelSets.byRow(row),
  }),
};
