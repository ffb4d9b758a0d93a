import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { Checkpoint, type CheckpointKind } from '../checkpoint.entity.js';
import { decodeSafetensors, encodeSafetensors, type NamedTensor, CheckpointFormatError } from './safetensors.js';

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

/** Checkpoints of models, below `<data directory>/models/<model>/`. A file is there whole or not at all. */
export class CheckpointFiles {
  constructor(private readonly dataDirectory: string) {}

  async write(modelRow: number, kind: CheckpointKind, epoch: number, content: CheckpointContent): Promise<WrittenFile> {
    const relative = path.posix.join('models', String(modelRow), `${kind.toLowerCase()}-epoch-${String(epoch).padStart(4, '0')}.safetensors`);
    const target = path.join(this.dataDirectory, relative);
    const partial = `${target}.partial`;
    await mkdir(path.dirname(target), { recursive: true });
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(partial, 'w');
    try {
      for (const piece of encodeSafetensors(content.tensors, content.metadata)) {
        hash.update(piece);
        await file.writeFile(piece);
        bytes += piece.byteLength;
      }
      await file.sync();
    } catch (error) {
      await file.close();
      await rm(partial, { force: true });
      throw error;
    }
    await file.close();
    await rename(partial, target);
    return { path: relative, sha256: hash.digest('hex'), bytes };
  }

  /** Makes `written` the model's checkpoint of that kind, within the caller's transaction. Returns the path it takes the place of. */
  async register(manager: EntityManager, modelRow: number, kind: CheckpointKind, epoch: number, written: WrittenFile): Promise<string | null> {
    const repository = manager.getRepository(Checkpoint);
    const before = await repository.findOneBy({ modelRow, kind });
    await repository.save({ ...(before ?? { modelRow, kind }), epoch, ...written, createdAt: new Date() });
    return before && before.path !== written.path ? before.path : null;
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
    if (sha256 !== checkpoint.sha256) throw new CheckpointFormatError(`Checkpoint ${checkpoint.path} was changed: expected SHA-256 ${checkpoint.sha256}, found ${sha256}.`);
    return decodeSafetensors(file);
  }
}
