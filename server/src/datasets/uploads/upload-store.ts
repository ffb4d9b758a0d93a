import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { type DataStore, privateDirectory } from '../../storage/data-store.js';
import { streamIntoFile } from '../../storage/file-bytes.js';
import { defaultKeeping } from '../../storage/janitor/pile.js';
import { lastWritten } from '../../storage/room-taken.js';
import { InvalidInputError, NotFoundError, PlatformError } from '../../errors.js';
import { ResumableUploads } from './resumable-uploads.js';
import { keptName, type Upload, type UploadRules } from './uploaded-file.js';
import { type RoomLimits, UploadRoom } from './upload-room.js';

const idPattern = /^upload_[0-9a-f]{32}$/;
/** Whole or begun. */
const storedPattern = /^(begun-)?(upload_[0-9a-f]{32})(-\d+)?$/;

/** How long uploads stay. */
export interface UploadKeeping {
  /** Milliseconds after the last byte. */
  lifetime: number;
  /** Ids that something waits for: they stay. */
  awaited(): Promise<ReadonlySet<string>>;
}

/** Uploaded files, below `<data directory>/uploads/<id>/<file name>`. */
export class UploadStore implements UploadRules {
  private readonly directory: string;

  constructor(
    private readonly store: DataStore,
    /** Bytes. */
    readonly limit: number,
    private readonly roomLimits: RoomLimits = { quota: Infinity, reserve: 0 },
    private readonly keeping: UploadKeeping = { lifetime: defaultKeeping.uploads, awaited: async () => new Set() },
  ) {
    this.directory = store.file('uploads');
    this.inPieces = new ResumableUploads(this, this.directory);
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
    const id = this.newId();
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
      await streamIntoFile([body, count], path.join(folder, fileName));
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
    if (names.length !== 1) throw id.startsWith(this.prefix) ? new NotFoundError('Upload', id) : sentElsewhere(id);
    return { path: path.join(this.directory, id, names[0]), fileName: names[0] };
  }

  newId(): string {
    return `${this.prefix}${randomBytes(12).toString('hex')}`;
  }

  /** Says which data directory an upload was sent to. */
  private get prefix(): string {
    return `upload_${this.store.id.slice(0, 8)}`;
  }

  async remove(id: string): Promise<void> {
    if (idPattern.test(id)) await rm(path.join(this.directory, id), { recursive: true, force: true });
  }

  tooLarge(): PlatformError {
    return new PlatformError('UPLOAD_TOO_LARGE', `An upload may have at most ${this.limit} bytes (UPLOAD_LIMIT).`, {
      limit: this.limit,
    });
  }

  /** Milliseconds that an upload stays after its last byte. */
  get lifetime(): number {
    return this.keeping.lifetime;
  }

  /** Folders of uploads that nobody used in time and nothing waits for: their names below `uploads`. */
  async old(): Promise<string[]> {
    const names = (await readdir(this.directory).catch(() => [])).filter((name) => storedPattern.test(name));
    const old: string[] = [];
    for (const name of names)
      if (Date.now() - (await lastWritten(path.join(this.directory, name))) > this.lifetime) old.push(name);
    if (old.length === 0) return [];
    const awaited = await this.keeping.awaited();
    return old.filter((name) => !awaited.has(storedPattern.exec(name)![2]));
  }

  private async removeOld(): Promise<void> {
    for (const name of await this.old()) await rm(path.join(this.directory, name), { recursive: true, force: true });
  }
}

/** Two servers may share a database, each with a data directory of its own. */
function sentElsewhere(id: string): PlatformError {
  return new PlatformError(
    'NOT_FOUND',
    `Upload "${id}" does not lie in the data directory of this server: it was sent to another one. Ask that one, or upload the file here.`,
    { what: 'Upload', id },
  );
}
