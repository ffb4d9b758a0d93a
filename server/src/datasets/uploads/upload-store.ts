import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { privateDirectory } from '../../storage/data-store.js';
import { InvalidInputError, NotFoundError, PlatformError } from '../../errors.js';
import { ResumableUploads } from './resumable-uploads.js';
import { keptName, type Upload, type UploadRules } from './uploaded-file.js';
import { type RoomLimits, UploadRoom } from './upload-room.js';

const idPattern = /^upload_[0-9a-f]{32}$/;
/** Whole or begun. */
const storedPattern = /^(begun-)?upload_[0-9a-f]{32}(-\d+)?$/;
/** An upload that nobody used is removed after this. */
const lifetimeMilliseconds = 24 * 3600 * 1000;

/** Uploaded files, below `<data directory>/uploads/<id>/<file name>`. */
export class UploadStore implements UploadRules {
  constructor(
    private readonly directory: string,
    /** Bytes. */
    readonly limit: number,
    private readonly roomLimits: RoomLimits = { quota: Infinity, reserve: 0 },
  ) {
    this.inPieces = new ResumableUploads(this, directory);
  }

  /** Uploads that can go on where they broke off. */
  readonly inPieces: ResumableUploads;

  /** Bytes that may still come. @throws PlatformError UPLOAD_QUOTA or DISK_FULL where `bytes` do not fit. */
  async room(bytes: number): Promise<number> {
    await this.removeOld();
    return new UploadRoom(this.directory, this.roomLimits).check(bytes);
  }

  /**
   * @param announced bytes that the client says will come. @throws PlatformError UPLOAD_TOO_LARGE, UPLOAD_QUOTA,
   * DISK_FULL; then nothing is left of it.
   */
  async receive(body: Readable, name: string, announced = 0): Promise<Upload> {
    const room = await this.room(announced);
    const id = `upload_${randomBytes(16).toString('hex')}`;
    const fileName = keptName(name);
    const folder = path.join(this.directory, id);
    await mkdir(folder, { recursive: true, mode: privateDirectory });
    const hash = createHash('sha256');
    let bytes = 0;
    const count = new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        bytes += piece.length;
        if (bytes > this.limit) return done(this.tooLarge());
        if (bytes > room) return done(new PlatformError('DISK_FULL', 'There is no room for more of this upload.'));
        hash.update(piece);
        done(null, piece);
      },
    });
    try {
      await pipeline(body, count, createWriteStream(path.join(folder, fileName)));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return { id, fileName, bytes, sha256: hash.digest('hex') };
  }

  /**
   * Where the file lies. @throws InvalidInputError for what is no id of an upload, NotFoundError where it was used or
   * has grown old.
   */
  async find(id: string, argument: string): Promise<{ path: string; fileName: string }> {
    if (!idPattern.test(id)) throw new InvalidInputError(argument, 'the id that POST /uploads answered with', id);
    const names = await readdir(path.join(this.directory, id)).catch(() => []);
    if (names.length !== 1) throw new NotFoundError('Upload', id);
    return { path: path.join(this.directory, id, names[0]), fileName: names[0] };
  }

  async remove(id: string): Promise<void> {
    if (idPattern.test(id)) await rm(path.join(this.directory, id), { recursive: true, force: true });
  }

  tooLarge(): PlatformError {
    return new PlatformError('UPLOAD_TOO_LARGE', `An upload may have at most ${this.limit} bytes (UPLOAD_LIMIT).`, {
      limit: this.limit,
    });
  }

  private async removeOld(): Promise<void> {
    const ids = (await readdir(this.directory).catch(() => [])).filter((name) => storedPattern.test(name));
    for (const id of ids) {
      const found = await stat(path.join(this.directory, id)).catch(() => null);
      if (found && Date.now() - found.mtimeMs > lifetimeMilliseconds)
        await rm(path.join(this.directory, id), { recursive: true, force: true });
    }
  }
}
