import DataLoader from 'dataloader';
import { Arg, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { rowOf } from '../../graphql/global-id.js';
import { checkFirst } from '../../graphql/pagination.js';
import { Dataset } from '../dataset.entity.js';
import type { DatasetService } from '../dataset.service.js';
import { importers } from '../importers/index.js';
import { optionsOf } from '../importers/importer.js';
import { ImportReportView } from '../imports/import-report-view.js';
import { chosenFaces, DrawFacesInput } from './draw-faces.types.js';
import { importJobTopic } from './import-job-watch.js';
import { ImportJob } from './import-job.entity.js';
import type { ImportJobService } from './import-job.service.js';
import { FormatFitView, ImportDatasetInput, ImporterView, ImportRoot } from './import-job.types.js';
import { Requires, Role } from '../../graphql/role.js';

@Resolver(() => ImportJob)
export class ImportJobResolver {
  private readonly datasetByRow: DataLoader<number, Dataset | null>;

  constructor(
    private readonly jobs: ImportJobService,
    datasets: DatasetService,
  ) {
    // Batches what one tick asks for; nothing is kept, so nothing grows old.
    this.datasetByRow = new DataLoader((rows) => datasets.byRows(rows), { cache: false });
  }

  @Query(() => [ImporterView], { description: 'Layouts that can be imported, the more particular first.' })
  importers(): ImporterView[] {
    return Object.entries(importers).map(([format, importer]) => ({
      format,
      summary: importer.summary,
      options: optionsOf(importer).map(({ flag, description, choices, default: standard }) => ({
        name: flag,
        description,
        choices: choices ?? null,
        default: standard ?? null,
      })),
    }));
  }

  @Query(() => [ImportRoot], { description: 'Directories below which `importDataset` may read.' })
  importRoots(): Promise<ImportRoot[]> {
    const { roots } = this.jobs.facilities;
    return Promise.all(roots.roots.map(async (path) => ({ path, folders: await roots.foldersOf(path) })));
  }

  @Query(() => Float, {
    nullable: true,
    description: 'Most bytes of a file that `POST /uploads` takes (setting UPLOAD_LIMIT); null for any.',
  })
  uploadLimit(): number | null {
    const { limit } = this.jobs.facilities.uploads;
    return Number.isFinite(limit) ? limit : null;
  }

  @Query(() => [FormatFitView], {
    description:
      'Every format with what was found of it in a directory, the best fit first. Looks at names and first lines only.',
  })
  detectFormat(
    @Arg('directory', () => String, { description: 'As in `ImportDatasetInput`.' }) directory: string,
  ): Promise<FormatFitView[]> {
    return this.jobs.detect(directory);
  }

  @Query(() => [ImportJob], {
    description:
      'Imports that the server did, does or will do, newest first. Those of the command line are not among them.',
  })
  importJobs(
    @Arg('first', () => Int, { defaultValue: 20, description: '1 to 1000.' }) first: number,
  ): Promise<ImportJob[]> {
    return this.jobs.list(checkFirst(first));
  }

  @Query(() => ImportJob, { nullable: true, description: 'Null where there is none with this id.' })
  importJob(@Arg('id', () => ID, { description: 'Like `import_1`.' }) id: string): Promise<ImportJob | null> {
    return this.jobs.byRow(rowOf('import', id));
  }

  @Requires(Role.TRAINER)
  @Mutation(() => ImportJob, {
    description:
      'Queues an import. It is whole or not at all; the same import again changes nothing. INVALID_INPUT names the argument that is wrong.',
  })
  importDataset(@Arg('input', () => ImportDatasetInput) input: ImportDatasetInput): Promise<ImportJob> {
    return this.jobs.start(input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => ImportJob, {
    description:
      'Queues the drawing of faces whose true label distributions are known. The same choices again change nothing. INVALID_INPUT names the argument that is wrong.',
  })
  drawFaces(@Arg('input', () => DrawFacesInput) input: DrawFacesInput): Promise<ImportJob> {
    const { faces, name } = chosenFaces(input);
    return this.jobs.drawFaces(faces, name);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => ImportJob, {
    description:
      'A queued import ends at once, a running one within about a second; nothing is kept. CONFLICT when it has ended already.',
  })
  cancelImport(@Arg('job', () => ID, { description: 'Like `import_1`.' }) job: string): Promise<ImportJob> {
    return this.jobs.cancel(job);
  }

  @Subscription(() => ImportJob, {
    topics: importJobTopic,
    topicId: ({ args }) => rowOf('import', (args as { job: string }).job, 'job'),
    description:
      'The job as it is, then whenever it has changed, at most twice a second, until it has ended. Progress counts from the beginning: a client that comes back has missed nothing.',
  })
  importProgress(
    @Root() job: ImportJob,
    @Arg('job', () => ID, { description: 'Like `import_1`.' }) _job: string,
  ): ImportJob {
    return job;
  }

  @FieldResolver(() => ImportReportView, {
    nullable: true,
    description:
      'What was read and why it was left out, of an import that took nothing and of a dry run; else null, see `Dataset.importReport`.',
  })
  report(@Root() job: ImportJob): ImportReportView | null {
    return job.report && new ImportReportView(job.report, job.report.classes ?? []);
  }

  @FieldResolver(() => Dataset, {
    nullable: true,
    description: 'What was imported; null before it is complete, and when the data set has been removed.',
  })
  dataset(@Root() job: ImportJob): Promise<Dataset | null> | null {
    return job.datasetRow === null ? null : this.datasetByRow.load(job.datasetRow);
  }
}
