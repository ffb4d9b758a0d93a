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
import { DatasetRatersResolver, SampleRatingsResolver } from './raters/rater.resolver.js';
import type { RaterService } from './raters/rater.service.js';
import type { LabelSetService } from './label-set.service.js';

export interface LabelServices extends DatasetServices {
  labelSets: LabelSetService;
  labelSetMaker: LabelSetMaker;
  annotations: AnnotationService;
  raters: RaterService;
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
    [DatasetRatersResolver, ({ raters }) => new DatasetRatersResolver(raters)],
    [SampleRatingsResolver, ({ raters }) => new SampleRatingsResolver(raters)],
    [DatasetAnnotationsResolver, ({ annotations }) => new DatasetAnnotationsResolver(annotations)],
  ],
  nodes: ({ annotations, labelSets, raters }) => ({
    rater: (row) => raters.byRow(row),
    annotation: (row) => annotations.byRow(row),
    labelset: (row) => labelSets.byRow(row),
  }),
};
