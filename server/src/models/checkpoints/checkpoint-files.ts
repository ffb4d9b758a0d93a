import { createHash } from 'node:crypto';
import { copyFile, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { type DataStore, elsewhere } from '../../storage/data-store.js';
import { throwAway } from '../../storage/trash.js';
import { Checkpoint, type CheckpointKind } from '../checkpoint.entity.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor, CheckpointFormatError } from './safetensors.js';
import { writePieces } from './write-pieces.js';

export interface CheckpointContent {
  tensors: Map<string, NamedTensor>;
  metadata: Record<string, string>;
}

export interface WrittenFile {
  /** See `DataStore.id`. */
  store: string;
  /** Relative to the data directory. */
  path: string;
  sha256: string;
  bytes: number;
}

/** Where a checkpoint lies, and what its bytes must be. */
export type StoredFile = Pick<Checkpoint, 'store' | 'path' | 'sha256'>;

/** What `write` calls a file: kind, epoch, and which taking of the run wrote it. */
const fileName = /^(?:last|best)-epoch-\d{4,}(?:-take-(\d+))?\.safetensors(?:\.partial)?$/;

/** Checkpoints of models, below `<data directory>/models/<model>/`. A file is there whole or not at all. */
export class CheckpointFiles {
  constructor(private readonly store: DataStore) {}

  /**
   * @param take which taking of its run writes this: a worker that lost the run never writes into the file of the one
   * that has it.
   */
  async write(
    modelRow: number,
    kind: CheckpointKind,
    epoch: number,
    content: CheckpointContent,
    take = 0,
  ): Promise<WrittenFile> {
    const relative = path.posix.join(
      'models',
      String(modelRow),
      `${kind.toLowerCase()}-epoch-${String(epoch).padStart(4, '0')}-take-${take}.safetensors`,
    );
    this.store.folder('models', String(modelRow));
    const target = this.store.file(relative);
    const written = await writePieces(
      target,
      encodeSafetensors(content.tensors, content.metadata),
      `${target}.partial`,
    );
    return { store: this.store.id, path: relative, ...written };
  }

  /**
   * Makes `written` the model's checkpoint of that kind, within the caller's transaction. Returns the path of this
   * store that it takes the place of.
   */
  async register(
    manager: EntityManager,
    modelRow: number,
    kind: CheckpointKind,
    epoch: number,
    written: WrittenFile,
  ): Promise<string | null> {
    const repository = manager.getRepository(Checkpoint);
    const before = await repository.findOneBy({ modelRow, kind });
    await repository.save({ ...(before ?? { modelRow, kind }), epoch, ...written, createdAt: new Date() });
    const here = before !== null && (before.store === null || before.store === this.store.id);
    return here && before.path !== written.path ? before.path : null;
  }

  /**
   * What killed workers left behind of a model: files by the names that `write` gives, of taking `take` or before, that
   * no checkpoint of it names.
   * Half-written ones are removed, whole ones go into the trash. Nothing goes where the model has checkpoints and none
   * of them lies here.
   */
  async removeStrays(manager: EntityManager, modelRow: number, take: number): Promise<void> {
    const names = await readdir(this.store.file('models', String(modelRow))).catch(() => []);
    const checkpoints = await manager.getRepository(Checkpoint).findBy({ modelRow });
    const named = new Set(checkpoints.map((checkpoint) => path.basename(checkpoint.path)));
    if (named.size > 0 && !names.some((name) => named.has(name))) return;
    const strays = names
      .filter((name) => takeOf(name) <= take && !named.has(name))
      .map((name) => path.posix.join('models', String(modelRow), name));
    await Promise.all(strays.filter(isPartial).map((stray) => this.remove(stray)));
    const whole = strays.filter((stray) => !isPartial(stray));
    if (whole.length > 0) await throwAway(this.store, 'stray-checkpoints', whole);
  }

  /**
   * A copy of a checkpoint among the files of another model, which stays when the checkpoint is replaced. @throws
   * CheckpointFormatError as `read`.
   */
  async copy(checkpoint: Checkpoint, modelRow: number): Promise<WrittenFile> {
    await this.read(checkpoint);
    const relative = path.posix.join('models', String(modelRow), 'initial.safetensors');
    this.store.folder('models', String(modelRow));
    await copyFile(this.store.file(checkpoint.path), this.store.file(relative));
    return { store: this.store.id, path: relative, sha256: checkpoint.sha256, bytes: checkpoint.bytes };
  }

  async remove(relative: string): Promise<void> {
    await rm(this.store.file(relative), { force: true });
  }

  /** Whatever was written of a model that is deleted. */
  async removeAll(modelRow: number): Promise<void> {
    await rm(this.store.file('models', String(modelRow)), { recursive: true, force: true });
  }

  /** @throws CheckpointFormatError when the file is missing, damaged or not the one that was registered. */
  async read(checkpoint: StoredFile): Promise<CheckpointContent> {
    let file: Buffer;
    try {
      if (checkpoint.store !== null && checkpoint.store !== this.store.id)
        throw elsewhere(checkpoint.store, this.store);
      file = await readFile(this.store.file(checkpoint.path));
    } catch (error) {
      throw new CheckpointFormatError(`Checkpoint ${checkpoint.path} cannot be read: ${(error as Error).message}`);
    }
    const sha256 = createHash('sha256').update(file).digest('hex');
    if (sha256 !== checkpoint.sha256)
      throw new CheckpointFormatError(
        `Checkpoint ${checkpoint.path} was changed: expected SHA-256 ${checkpoint.sha256}, found ${sha256}.`,
      );
    return decodeSafetensors(file);
  }
}

/** Infinity of a file that `write` did not write. */
function takeOf(name: string): number {
  return Number(fileName.exec(name)?.[1] ?? (fileName.test(name) ? 0 : Infinity));
}

function isPartial(file: string): boolean {
  return file.endsWith('.partial');
}
