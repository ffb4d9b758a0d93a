import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { Checkpoint, type CheckpointKind } from '../checkpoint.entity.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor, CheckpointFormatError } from './safetensors.js';
import { writePieces } from './write-pieces.js';

export interface CheckpointContent {
  tensors: Map<string, NamedTensor>;
  metadata: Record<string, string>;
}

export interface WrittenFile {
  /** Relative to the data directory. */
  path: string;
  sha256: string;
  bytes: number;
}

/** What `write` calls a file: kind, epoch, and which taking of the run wrote it. */
const fileName = /^(?:last|best)-epoch-\d{4,}(?:-take-(\d+))?\.safetensors(?:\.partial)?$/;

/** Checkpoints of models, below `<data directory>/models/<model>/`. A file is there whole or not at all. */
export class CheckpointFiles {
  constructor(private readonly dataDirectory: string) {}

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
    const target = path.join(this.dataDirectory, relative);
    const written = await writePieces(
      target,
      encodeSafetensors(content.tensors, content.metadata),
      `${target}.partial`,
    );
    return { path: relative, ...written };
  }

  /**
   * Makes `written` the model's checkpoint of that kind, within the caller's transaction. Returns the path it takes the
   * place of.
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
    return before && before.path !== written.path ? before.path : null;
  }

  /**
   * Removes what killed workers left behind, and files that others took the place of: all that no checkpoint of the
   * model names, written in taking `take` or before.
   */
  async removeStrays(manager: EntityManager, modelRow: number, take: number): Promise<void> {
    const directory = path.join(this.dataDirectory, 'models', String(modelRow));
    const names = await readdir(directory).catch(() => []);
    const strays = names.filter(
      (name) => Number(fileName.exec(name)?.[1] ?? (fileName.test(name) ? 0 : Infinity)) <= take,
    );
    const named = new Set(
      (await manager.getRepository(Checkpoint).findBy({ modelRow })).map((checkpoint) =>
        path.basename(checkpoint.path),
      ),
    );
    await Promise.all(
      strays.filter((name) => !named.has(name)).map((name) => rm(path.join(directory, name), { force: true })),
    );
  }

  /**
   * A copy of a checkpoint among the files of another model, which stays when the checkpoint is replaced. @throws
   * CheckpointFormatError as `read`.
   */
  async copy(checkpoint: Checkpoint, modelRow: number): Promise<WrittenFile> {
    await this.read(checkpoint);
    const relative = path.posix.join('models', String(modelRow), 'initial.safetensors');
    const target = path.join(this.dataDirectory, relative);
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(path.join(this.dataDirectory, checkpoint.path), target);
    return { path: relative, sha256: checkpoint.sha256, bytes: checkpoint.bytes };
  }

  async remove(relative: string): Promise<void> {
    await rm(path.join(this.dataDirectory, relative), { force: true });
  }

  /** @throws CheckpointFormatError when the file is missing, damaged or not the one that was registered. */
  async read(checkpoint: Checkpoint): Promise<CheckpointContent> {
    let file: Buffer;
    try {
      file = await readFile(path.join(this.dataDirectory, checkpoint.path));
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
