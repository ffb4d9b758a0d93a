import { mkdir } from 'node:fs/promises';
import { freeRoom, roomOf } from '../../storage/room-taken.js';
import { PlatformError } from '../../errors.js';

export interface RoomLimits {
  /** Bytes of all uploads together. */
  quota: number;
  /** Bytes of the disk that uploads leave free: the database needs them. */
  reserve: number;
}

/** How much more may be uploaded. */
export class UploadRoom {
  constructor(
    private readonly directory: string,
    private readonly limits: RoomLimits,
  ) {}

  /**
   * @param bytes what is to come, where it is known.
   * @returns how many bytes may come. @throws PlatformError UPLOAD_QUOTA or DISK_FULL where there is no room for them.
   */
  async check(bytes: number): Promise<number> {
    await mkdir(this.directory, { recursive: true });
    const { quota, reserve } = this.limits;
    const used = quota === Infinity ? 0 : (await roomOf(this.directory)).bytes;
    if (used + bytes > quota)
      throw new PlatformError(
        'UPLOAD_QUOTA',
        `Uploads hold ${used} bytes of at most ${quota} (UPLOAD_QUOTA); ${bytes} more do not fit. Use or wait for what was uploaded: it goes after a day.`,
        { quota, used, bytes },
      );
    const free = await freeRoom(this.directory);
    if (free - bytes < reserve)
      throw new PlatformError(
        'DISK_FULL',
        `The disk of the data directory has ${free} bytes free and is to keep ${reserve} (DISK_RESERVE); ${bytes} more do not fit. Make room there.`,
        { free, reserve, bytes },
      );
    return Math.min(quota - used, free - reserve);
  }
}
