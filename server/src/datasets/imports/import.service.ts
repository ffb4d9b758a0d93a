import type { PoolClient } from 'pg';
import { type DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { ConflictError, InvalidInputError } from '../../errors.js';
import { copyLine, copySamples } from './copy-samples.js';
import { Dataset } from '../dataset.entity.js';
import { type Ask, duplicateReport, subjectCounts } from './duplicate-report.js';
import type { ImageContent } from '../images/image-content.js';
import {
  holdContent,
  type ImageKeeper,
  imageKeeper,
  ImageStorage,
  type KeptImage,
  takeBackContent,
} from '../images/image-storage.js';
import { unreadableReason } from './import-report.js';
import { ImportReportBuilder } from './import-report-builder.js';
import type { ImportDescription, ImportItem, ImportRecord, ImportSource } from '../importers/importer.js';
import { orderedMap } from '../../ordered-map.js';
import { SeenKeys } from './seen-keys.js';

export interface ImportProgress {
  imported: number;
  skipped: number;
  /** Items of the source, where it knew beforehand. */
  expected: number | null;
}

export interface ImportOptions {
  /** The data set's name, unique. */
  name: string;
  /** Default: they stay where they are. */
  images?: ImageStorage;
  onProgress?: (progress: ImportProgress) => void;
  signal?: AbortSignal;
}

/** Images read at a time: libvips works on its own threads, and a network disk answers slowly. */
const imagesReadAtOnce = 16;

const itemsBetweenProgress = 64;

/** Longest name; it stands in headings and in names of runs. */
const longestName = 100;

/**
 * What later rooms keep of a new data set, written in the transaction that writes its samples. Given at composition.
 */
export type OnImported = (manager: EntityManager, dataset: Dataset) => Promise<unknown>;

/** Writes what an importer reads: the data set with all of its samples, or nothing. */
export class ImportService {
  /** @param content where images are copied to; without it they can only stay where they are. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly content: ImageContent | null = null,
    private readonly onImported: OnImported = async () => undefined,
  ) {}

  /**
   * Images stay where they are or are copied, as chosen; each one is read once. Where the name exists, the import is
   * repeated without writing, and the data set that
   * exists is returned if it would come out the same. @throws ConflictError if it would not; @throws InvalidInputError
   * when nothing could be imported.
   */
  async import(source: ImportSource, options: ImportOptions): Promise<Dataset> {
    checkDatasetName(options.name);
    checkClasses(source.description);
    const existing = await this.find(options.name);
    return existing ? this.compare(existing, source, options) : this.write(source, options);
  }

  /** The data set of that name; null where there is none. */
  find(name: string): Promise<Dataset | null> {
    return this.dataSource.getRepository(Dataset).findOneBy({ name });
  }

  private async compare(existing: Dataset, source: ImportSource, options: ImportOptions): Promise<Dataset> {
    const keeper = await this.keeper(source, options, false);
    const { store, root } = keeper.place;
    const same = existing.imageStore === store && existing.imageRoot === root;
    const builder = new ImportReportBuilder(
      source.description,
      keeper.storage,
      (same && existing.importReport.fingerprintRoot) || root,
    );
    for await (const line of samplesOf(source, keeper, builder, options)) void line;
    if (builder.fingerprint() === existing.importReport.fingerprint) return existing;
    throw taken(options.name);
  }

  private async write(source: ImportSource, options: ImportOptions): Promise<Dataset> {
    const { format, classes } = source.description;
    const keeper = await this.keeper(source, options, true);
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await runner.startTransaction();
      if (keeper.storage === ImageStorage.COPIED) await holdContent((sql) => runner.query(sql));
      const builder = new ImportReportBuilder(source.description, keeper.storage, keeper.place.root);
      const repository = runner.manager.getRepository(Dataset);
      const dataset = await repository.save(
        repository.create({
          name: options.name,
          format,
          classes: [...classes],
          imageStore: keeper.place.store,
          imageRoot: keeper.place.root,
          importReport: builder.report(),
        }),
      );
      await copySamples(client, dataset.row, samplesOf(source, keeper, builder, options));
      if (builder.imported === 0)
        throw new InvalidInputError('directory', 'at least one image to import', builder.reasons() || 'no rows at all');
      const ask: Ask = (sql, parameters) => runner.query(sql, parameters);
      dataset.importReport = builder.report({
        duplicates: await duplicateReport(ask, dataset.row),
        subjects: await subjectCounts(ask, dataset.row),
      });
      await repository.update({ row: dataset.row }, { importReport: dataset.importReport as never });
      await this.onImported(runner.manager, dataset);
      options.signal?.throwIfAborted();
      await runner.commitTransaction();
      return dataset;
    } catch (error) {
      await rollBack(runner);
      if (this.content && keeper.stored.size > 0)
        await takeBackContent(this.dataSource, this.content, keeper.stored).catch(() => undefined);
      throw conflictOf(error, options.name);
    } finally {
      await runner.release();
    }
  }

  private keeper(
    { description }: ImportSource,
    { images = ImageStorage.IN_PLACE }: ImportOptions,
    write: boolean,
  ): Promise<ImageKeeper> {
    return imageKeeper(description, images, this.content, write);
  }
}

/** COPY lines of the samples, in order; what cannot be used goes to the report. */
async function* samplesOf(
  source: ImportSource,
  keeper: ImageKeeper,
  builder: ImportReportBuilder,
  { onProgress, signal }: ImportOptions,
): AsyncGenerator<string> {
  const { description } = source;
  const tell = (): void =>
    onProgress?.({ imported: builder.imported, skipped: builder.skipped, expected: description.expectedItems });
  for await (const { item, image } of orderedMap(newOnly(source), imagesReadAtOnce, (item) => kept(item, keeper))) {
    signal?.throwIfAborted();
    if ('skipped' in item) builder.skip(item.skipped);
    else if (image instanceof Error)
      builder.skip({ ...item.origin, key: item.record.key, reason: unreadableReason, detail: reasonOf(image) });
    else {
      const line = copyLine({ ...item.record, ...image!, index: builder.imported });
      builder.take(item.record, line);
      yield line;
    }
    if ((builder.imported + builder.skipped) % itemsBetweenProgress === 0) tell();
  }
  tell();
}

/** Of records with the same key the first; each is checked. */
async function* newOnly(source: ImportSource): AsyncGenerator<ImportItem> {
  const seen = new SeenKeys();
  for await (const item of source.items()) {
    if ('skipped' in item) {
      yield item;
      continue;
    }
    const { record, origin } = item;
    checkRecord(record, source.description);
    const earlier = seen.meet(record.key, origin.line);
    if (earlier === null) yield item;
    else
      yield {
        skipped: {
          ...origin,
          key: record.key,
          reason: 'the key stands before',
          ...(earlier > 0 && { detail: `on line ${earlier}` }),
        },
      };
  }
}

async function kept(
  item: ImportItem,
  keeper: ImageKeeper,
): Promise<{ item: ImportItem; image: KeptImage | Error | null }> {
  if ('skipped' in item) return { item, image: null };
  const image = await keeper.keep(item.record).catch((error: unknown) => {
    // A full disk is no fault of the image.
    if (diskFaults.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return error instanceof Error ? error : new Error(String(error));
  });
  return { item, image };
}

const diskFaults: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE']);

/** The decoder's first line, without the path of any file. */
function reasonOf(error: Error): string {
  return (error.message.split('\n')[0] ?? '').replace(/^Input (file|buffer) /, 'it ').slice(0, 200);
}

/** @throws InvalidInputError (`name`) */
export function checkDatasetName(name: string): void {
  if (name.trim() !== name || name.length < 1 || name.length > longestName) {
    throw new InvalidInputError('name', `1 to ${longestName} characters, without blanks at the ends`, name);
  }
}

function checkClasses({ classes }: ImportDescription): void {
  if (classes.length < 2 || new Set(classes).size < classes.length)
    throw new InvalidInputError('classes', 'at least two different names', classes);
}

/** An importer's promise to `ImportRecord`: vectors over all classes and labels among them. */
function checkRecord(record: ImportRecord, { classes }: ImportDescription): void {
  const label = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < classes.length;
  const vector = (values: readonly number[] | undefined): boolean =>
    values === undefined || values.length === classes.length;
  if (
    label(record.givenLabelIndex) &&
    label(record.cleanLabelIndex ?? 0) &&
    vector(record.votes) &&
    vector(record.trueDistribution)
  )
    return;
  throw new TypeError(`Record ${record.key} does not fit its ${classes.length} classes: ${JSON.stringify(record)}`);
}

/** A transaction whose connection is gone is rolled back already. */
async function rollBack(runner: QueryRunner): Promise<void> {
  if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
}

function taken(name: string): ConflictError {
  return new ConflictError(`A data set named "${name}" exists, with other samples. Choose another name.`, { name });
}

function conflictOf(error: unknown, name: string): unknown {
  const cause = (error instanceof QueryFailedError ? error.driverError : error) as {
    code?: string;
    constraint?: string;
    detail?: string;
  };
  if (cause?.code !== '23505') return error;
  if (cause.constraint === 'dataset_name_unique') return taken(name);
  return error;
}
