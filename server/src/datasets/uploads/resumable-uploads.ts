import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { InvalidInputError, NotFoundError, PlatformError } from '../../errors.js';
import { streamIntoFile } from '../../storage/file-bytes.js';
import { keptName, type Upload, type UploadRules } from './uploaded-file.js';

/** How far an upload in pieces has come. */
export interface UploadProgress {
  id: string;
  offset: number;
  /** Bytes of the whole file. */
  length: number;
}

const idPattern = /^upload_[0-9a-f]{32}$/;

/**
 * Uploads that go on where they broke off: begun with their length, then piece after piece at its offset. Until they are
 * whole they lie in `<uploads>/begun-<id>-<length>/`; then they are uploads like any other.
 */
export class ResumableUploads {
  private readonly busy = new Set<string>();

  constructor(
    private readonly rules: UploadRules,
    private readonly directory: string,
  ) {}

  /** @throws PlatformError UPLOAD_TOO_LARGE, UPLOAD_QUOTA, DISK_FULL. */
  async begin(name: string, length: number): Promise<UploadProgress> {
    if (!Number.isSafeInteger(length) || length < 1)
      throw new InvalidInputError('Upload-Length', 'the bytes of the whole file', length);
    if (length > this.rules.limit) throw this.rules.tooLarge();
    await this.rules.room(length);
    const id = this.rules.newId();
    const folder = path.join(this.directory, `begun-${id}-${length}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path.join(folder, keptName(name)), '', { mode: 0o600 });
    return { id, offset: 0, length };
  }

  /** @throws NotFoundError for one that was not begun, is whole or has grown old. */
  async progress(id: string): Promise<UploadProgress> {
    const { file, length } = await this.begun(id);
    return { id, offset: (await stat(file)).size, length };
  }

  /**
   * Takes the bytes from `offset` on; what came stays when the connection breaks.
   * @returns the upload once it is whole. @throws PlatformError UPLOAD_OFFSET where the file ends elsewhere.
   */
  async append(id: string, offset: number, body: Readable): Promise<Upload | UploadProgress> {
    const { folder, file, length } = await this.begun(id);
    const { size } = await stat(file);
    if (size !== offset || this.busy.has(id))
      throw new PlatformError('UPLOAD_OFFSET', `${id} has ${size} of ${length} bytes: go on there.`, {
        offset: size,
        length,
      });
    this.busy.add(id);
    try {
      let left = length - size;
      const count = new Transform({
        transform: (piece: Buffer, _encoding, done) => {
          left -= piece.length;
          done(
            left < 0 ? new InvalidInputError('Upload-Offset', `at most ${length} bytes in all`, 'more') : null,
            piece,
          );
        },
      });
      await streamIntoFile([body, count], file, { flags: 'a' });
      if (left > 0) return { id, offset: length - left, length };
      return await this.finish(id, folder, file);
    } finally {
      this.busy.delete(id);
    }
  }

  private async finish(id: string, folder: string, file: string): Promise<Upload> {
    const hash = createHash('sha256');
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
    const { size } = await stat(file);
    await rename(folder, path.join(this.directory, id));
    return { id, fileName: path.basename(file), bytes: size, sha256: hash.digest('hex') };
  }

  private async begun(id: string): Promise<{ folder: string; file: string; length: number }> {
    if (!idPattern.test(id)) throw new InvalidInputError('id', 'the id that POST /uploads answered with', id);
    const folders = await readdir(this.directory).catch(() => []);
    const name = folders.find((one) => one.startsWith(`begun-${id}-`));
    if (name === undefined) throw new NotFoundError('Upload', id);
    const folder = path.join(this.directory, name);
    const [file] = await readdir(folder);
    if (file === undefined) throw new NotFoundError('Upload', id);
    return { folder, file: path.join(folder, file), length: Number(name.slice(`begun-${id}-`.length)) };
  }
}
