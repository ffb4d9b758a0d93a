import type { Entry } from 'yauzl';
import { guessEncoding } from '../sources/text-encoding.js';

const utf8Flag = 0x800;
const unicodePathField = 0x7075;

/**
 * Names of a zip's entries. Where an entry does not say that its name is UTF-8 the format means the code page of the first PCs, but programs write their
 * system's: UTF-8 (Macs), or Chinese (GBK). What the first such name can be is taken for all, so that one folder keeps one name.
 */
export class EntryNames {
  private encoding: ReturnType<typeof guessEncoding> | null = null;

  nameOf(entry: Pick<Entry, 'fileName' | 'fileNameRaw' | 'generalPurposeBitFlag' | 'extraFields'>): string {
    const { fileName, fileNameRaw: raw, generalPurposeBitFlag, extraFields } = entry;
    if ((generalPurposeBitFlag & utf8Flag) !== 0 || extraFields.some(({ id }) => id === unicodePathField))
      return fileName;
    if (raw.every((byte) => byte < 128)) return fileName;
    this.encoding ??= guessEncoding(raw);
    if (this.encoding !== 'utf-8' && this.encoding !== 'gb18030') return fileName;
    return new TextDecoder(this.encoding).decode(raw);
  }
}
