import type { RoomResolvers } from '../graphql/room-resolvers.js';
import { DatasetResolver, SampleFacetsResolver } from './dataset.resolver.js';
import type { DatasetService } from './dataset.service.js';
import { ImportJobResolver } from './import-jobs/import-job.resolver.js';
import type { ImportJobService } from './import-jobs/import-job.service.js';
import { DatasetListsResolver, SampleListResolver } from './lists/sample-list.resolver.js';
import type { SampleListService } from './lists/sample-list.service.js';
import { SampleResolver } from './sample.resolver.js';
import type { SampleService } from './sample.service.js';

export interface DatasetServices {
  datasets: DatasetService;
  samples: SampleService;
  importJobs: ImportJobService;
  sampleLists: SampleListService;
}

export const datasetResolvers: RoomResolvers<DatasetServices> = {
  resolvers: [
    [DatasetResolver, ({ datasets, samples }) => new DatasetResolver(datasets, samples)],
    [SampleFacetsResolver, () => new SampleFacetsResolver()],
    [DatasetListsResolver, ({ sampleLists }) => new DatasetListsResolver(sampleLists)],
    [SampleListResolver, ({ sampleLists }) => new SampleListResolver(sampleLists)],
    [SampleResolver, ({ samples }) => new SampleResolver(samples)],
    [ImportJobResolver, ({ importJobs, datasets }) => new ImportJobResolver(importJobs, datasets)],
  ],
  nodes: ({ datasets, samples, importJobs, sampleLists }) => ({
    dataset: (row) => datasets.byRow(row),
    sample: (row) => samples.byRow(row),
    import: (row) => importJobs.byRow(row),
    list: (row) => sampleLists.byRow(row),
  }),
};
