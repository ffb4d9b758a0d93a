import { createHash } from 'node:crypto';

/**
 * Which keys an import has met, and on which line. Holds 52 bits of a hash of each key, about 40 bytes: of 10 million
 * keys the chance that any two
 * differ and are taken for the same is 1 %.
 */
export class SeenKeys {
  private readonly lines = new Map<number, number>();

  /** The line of an earlier key of this name (0: none was known), or null when it is new; remembers it. */
  meet(key: string, line: number | null): number | null {
    const hash = createHash('md5').update(key).digest();
    const short = hash.readUIntBE(0, 6) * 16 + (hash[6] >> 4);
    const earlier = this.lines.get(short);
    if (earlier === undefined) this.lines.set(short, line ?? 0);
    return earlier ?? null;
  }
}
