import path from 'node:path';
import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { RecordingError } from './recording-error.js';
import type { CellValue, KeyKind, RecordedTable } from './recorded-table.js';

interface KnownSample {
  row: number;
  index: number;
  key: string;
  image_path: string;
  split: Split;
}

/** How a data set's samples can be named. */
export class SampleKeys {
  private readonly byKey = new Map<string, KnownSample>();
  private readonly byIndex = new Map<number, KnownSample>();
  /** Null where several files have the name. */
  private readonly byFile = new Map<string, KnownSample | null>();

  private constructor(private readonly samples: readonly KnownSample[]) {
    for (const sample of samples) {
      this.byKey.set(sample.key, sample);
      this.byIndex.set(sample.index, sample);
      const file = path.posix.basename(sample.image_path);
      this.byFile.set(file, this.byFile.has(file) ? null : sample);
    }
  }

  static async read(manager: EntityManager, datasetRow: number): Promise<SampleKeys> {
    return new SampleKeys(
      await manager.query('SELECT "row", "index", key, image_path, split FROM sample WHERE dataset_row = $1', [
        datasetRow,
      ]),
    );
  }

  /**
   * The samples of the rows of a table, in its order. @throws RecordingError with the row and the key for one that
   * nobody has, that several have, and one that came before.
   */
  find({ keyKind, keys }: Pick<RecordedTable, 'keyKind' | 'keys'>, split: Split): KnownSample[] {
    if (keyKind === 'place') return this.inOrder(keys.length, split);
    const seen = new Map<number, number>();
    return Array.from(keys, (key, n) => {
      const sample = this.sampleOf(keyKind, key, n + 1);
      const before = seen.get(sample.row);
      if (before !== undefined) throw new RecordingError(n + 1, key, 'every sample once', `it in row ${before} too`);
      seen.set(sample.row, n + 1);
      return sample;
    });
  }

  /** Arrays without keys, as cleanlab keeps them: all samples of the split, in the order of import. */
  private inOrder(rows: number, split: Split): KnownSample[] {
    const ofSplit = this.samples.filter((sample) => sample.split === split).sort((a, b) => a.index - b.index);
    if (ofSplit.length === rows) return ofSplit;
    throw new RecordingError(
      null,
      undefined,
      `keys, or one row for each of the ${ofSplit.length} samples of ${split} in the order of import`,
      `${rows} rows without keys`,
    );
  }

  private sampleOf(kind: KeyKind, key: CellValue, row: number): KnownSample {
    if (kind === 'index') {
      const found = this.byIndex.get(Number(key));
      if (found) return found;
      throw new RecordingError(row, plain(key), `a place in the data set, 0 to ${this.samples.length - 1}`, 'another');
    }
    const text = String(key);
    const exact = kind === 'key' ? this.byKey.get(text) : undefined;
    const file = exact ?? this.byFile.get(path.posix.basename(text.replaceAll('\\', '/')));
    if (file) return file;
    // Numbers as text: the index, where no key is a number.
    const index = /^\d+$/.test(text) ? this.byIndex.get(Number(text)) : undefined;
    if (index && file === undefined) return index;
    const example = this.samples[0] ? `like ${JSON.stringify(this.samples[0].key)}` : 'of which there is none';
    throw new RecordingError(
      row,
      text,
      `a key of the data set, ${example}, the name of an image file, or an index from 0`,
      file === null ? 'a file name that several samples have' : 'one that no sample has',
    );
  }
}

function plain(key: CellValue): unknown {
  return typeof key === 'bigint' ? Number(key) : key;
}
