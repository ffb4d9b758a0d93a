import type { PoolClient } from 'pg';
import { type DataSource, type EntityManager, QueryFailedError, type QueryRunner } from 'typeorm';
import { computesLong } from '../../transactions.js';
import { ConflictError, InvalidInputError } from '../../errors.js';
import type { CollectedRatings } from './collected-ratings.js';
import { copySamples } from './copy-samples.js';
import { Dataset } from '../dataset.entity.js';
import { type Ask, duplicateReport, subjectCounts } from './duplicate-report.js';
import { drawnIn } from '../../drawn-faces/picture-directory.js';
import { throwAway } from '../../storage/trash.js';
import type { ImageContent } from '../images/image-content.js';
import { holdContent, type ImageKeeper, imageKeeper, ImageStorage, takeBackContent } from '../images/image-storage.js';
import { datasetName } from './dataset-name.js';
import { ImportReportBuilder } from './import-report-builder.js';
import { NothingImportedError } from './nothing-imported.js';
import { type ReadOptions, samplesOf } from './read-samples.js';
import type { ImportDescription, ImportSource } from '../importers/importer.js';
import { toColumns } from '../../to-columns.js';

export interface ImportOptions extends ReadOptions {
  /** The data set's name, unique. */
  name: string;
  /** Default: they stay where they are. */
  images?: ImageStorage;
}

/**
 * What later rooms keep of a new data set, written in the transaction that writes its samples. Given at composition.
 */
export type OnImported = (manager: EntityManager, dataset: Dataset, ratings: CollectedRatings) => Promise<unknown>;

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
  async import(source: ImportSource, given: ImportOptions): Promise<Dataset> {
    const options = { ...given, name: datasetName(given.name) };
    checkClasses(source.description);
    const existing = await this.find(options.name);
    return existing ? this.compare(existing, source, options) : this.write(source, options);
  }

  /** The data set of that name; null where there is none. */
  find(name: string): Promise<Dataset | null> {
    return this.dataSource.getRepository(Dataset).findOneBy({ name: name.normalize('NFC') });
  }

  /**
   * Takes pictures that were drawn for a data set which is gone into the trash, so that others can be drawn in their
   * place; those of `description` stay, and are used again.
   */
  async clearDrawn(directory: string, description: string): Promise<void> {
    const store = this.content?.store;
    const drawn = await drawnIn(directory);
    if (!store || drawn === null || drawn === description) return;
    const place = await store.placeOf(directory);
    if (place.store === null) return;
    const { store: imageStore, root: imageRoot } = place;
    if (await this.dataSource.getRepository(Dataset).existsBy({ imageStore, imageRoot })) return;
    await throwAway(store, 'drawn-before', [imageRoot]);
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
      await computesLong((sql) => runner.query(sql));
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
      if (builder.imported === 0) throw new NothingImportedError(builder.report({ notes: source.notes?.() }));
      const ask: Ask = (sql, parameters) => runner.query(sql, parameters);
      dataset.importReport = builder.report({
        duplicates: await duplicateReport(ask, dataset.row),
        subjects: await subjectCounts(ask, dataset.row),
        notes: source.notes?.(),
      });
      await repository.update({ row: dataset.row }, toColumns<Dataset>({ importReport: dataset.importReport }));
      await builder.details.write(runner.manager, dataset.row);
      await this.onImported(runner.manager, dataset, builder.ratings);
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

function checkClasses({ classes }: ImportDescription): void {
  if (classes.length < 2 || new Set(classes).size < classes.length)
    throw new InvalidInputError('classes', 'at least two different names', classes);
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
