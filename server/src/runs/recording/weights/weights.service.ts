import { copyFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import type { UploadStore } from '../../../datasets/uploads/upload-store.js';
import { requireFound } from '../../../errors.js';
import { rowOf } from '../../../graphql/global-id.js';
import type { Model } from '../../../models/model.entity.js';
import type { ModelImportOptions, ModelImportService } from '../../../models/model-import.service.js';
import { type DataStore, elsewhere } from '../../../storage/data-store.js';
import { hashFile } from '../../../storage/file-bytes.js';
import { TrainingRun } from '../../training-run.entity.js';
import { checkEpochNumber } from '../recording-of.js';
import { RecordedWeights } from './recorded-weights.entity.js';

/** Weights of runs that were trained elsewhere, below `<data directory>/recorded/<run>/`. */
export class WeightsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: DataStore,
    private readonly uploads: UploadStore,
    private readonly imports: ModelImportService,
  ) {}

  /**
   * Keeps an upload with a run, which uses the upload up. The same bytes again are the same weights.
   * @throws NotFoundError, InvalidInputError
   */
  async attach(run: TrainingRun, upload: string, epoch: number | null): Promise<RecordedWeights> {
    if (epoch !== null) checkEpochNumber(epoch);
    const file = await this.uploads.find(upload, 'upload');
    const sha256 = await hashFile(file.path);
    const repository = this.dataSource.getRepository(RecordedWeights);
    const there = await repository.findOneBy({ runRow: run.row, sha256 });
    if (there) {
      await this.uploads.remove(upload);
      return there;
    }
    const folder = path.posix.join('recorded', String(run.row));
    const relative = path.posix.join(folder, sha256);
    this.store.folder('recorded', String(run.row));
    const target = this.store.file(relative);
    const { size: bytes } = await stat(file.path);
    await copyFile(file.path, `${target}.partial`);
    await rename(`${target}.partial`, target);
    const facts = { runRow: run.row, epoch, fileName: file.fileName, sha256, bytes };
    const { row } = await repository.save(repository.create({ ...facts, store: this.store.id, path: relative }));
    await this.uploads.remove(upload);
    return repository.findOneByOrFail({ row });
  }

  /** In the order in which they came. */
  of(runRow: number): Promise<RecordedWeights[]> {
    return this.dataSource.getRepository(RecordedWeights).find({ where: { runRow }, order: { row: 'ASC' } });
  }

  byRow(row: number): Promise<RecordedWeights | null> {
    return this.dataSource.getRepository(RecordedWeights).findOneBy({ row });
  }

  /** Where the file lies. @throws NotFoundError without such weights, PlatformError where they lie elsewhere. */
  async file(id: string): Promise<{ weights: RecordedWeights; path: string }> {
    const weights = requireFound(await this.byRow(rowOf('weights', id)), 'Weights', id);
    if (weights.store !== this.store.id) throw elsewhere(weights.store, this.store);
    return { weights, path: this.store.file(weights.path) };
  }

  /** A model of them. @throws NotFoundError; as `ModelImportService.import` where the network is not known here. */
  async import(id: string, options: ModelImportOptions): Promise<Model> {
    const { weights, path: file } = await this.file(id);
    const run = await this.dataSource
      .getRepository(TrainingRun)
      .findOneOrFail({ where: { row: weights.runRow }, relations: { dataset: true } });
    const named = { ...options, name: options.name ?? `${run.name}, ${weights.fileName}` };
    return this.imports.import(file, named, weights.fileName);
  }

  /** Whatever is kept of a run that is deleted. */
  async removeAll(runRow: number): Promise<void> {
    await rm(this.store.file('recorded', String(runRow)), { recursive: true, force: true });
  }
}
