import type { DataSource } from 'typeorm';
import type { Split } from '../../split.js';
import { streamChunks } from '../../runs/recorded/column-stream.js';
import { floatsOf } from '../../runs/recorded/columns.js';
import { samplesPerChunk } from '../../runs/recorded/epoch-column-chunk.entity.js';
import { recordFloats, type RecordLayout } from '../../runs/recorded/record-layout.js';
import { nearestRows } from '../../metrics/nearest.js';

/** Target distributions of a split after an epoch, ready to be searched. */
interface Indexed {
  /** Square roots, `[N * C]`. */
  roots: Float32Array;
  /** Rows of `sample`, `[N]`. */
  sampleRows: Int32Array;
}

interface IndexKey extends RecordLayout {
  runRow: number;
  epoch: number;
  split: Split;
}

export interface NeighbourQuestion extends RecordLayout {
  runRow: number;
  /** Of the epoch: never used again, so what is remembered by it never grows old. */
  epochRow: number;
  epoch: number;
  splits: readonly Split[];
  /** Target distribution, `[C]`. */
  of: ArrayLike<number>;
  exceptSample: number;
  first: number;
}

export interface FoundNeighbour {
  sampleRow: number;
  /** Hellinger's, in [0, 1]. */
  distance: number;
}

/** About nine splits of 300,000 samples and seven classes. */
const mostBytes = 96 * 1024 * 1024;

/** Splits of runs whose samples are known by heart; 1.2 MB each at 300,000 samples. */
const mostRuns = 16;

/** Finds nearest samples by looking at all of them; keeps the distributions of the splits that were asked for last. */
export class NeighbourIndex {
  private readonly held = new Map<string, Promise<Indexed>>();
  private readonly bytes = new Map<string, number>();
  private readonly rowsOfRuns = new Map<string, Int32Array>();

  constructor(private readonly dataSource: DataSource) {}

  async nearest({ splits, of, first, exceptSample, ...epoch }: NeighbourQuestion): Promise<FoundNeighbour[]> {
    const roots = Float64Array.from(of, Math.sqrt);
    const found: FoundNeighbour[] = [];
    for (const split of splits) {
      const indexed = await this.indexed({ ...epoch, split });
      const except = indexed.sampleRows.indexOf(exceptSample);
      for (const { row, distance } of nearestRows(indexed.roots, roots, first, except))
        found.push({ sampleRow: indexed.sampleRows[row], distance });
    }
    return found.sort((a, b) => a.distance - b.distance || a.sampleRow - b.sampleRow).slice(0, first);
  }

  private async indexed(key: IndexKey & { epochRow: number }): Promise<Indexed> {
    const name = `${key.epochRow} ${key.split}${key.recorded ? ` ${await this.contentOf(key)}` : ''}`;
    const held = this.held.get(name) ?? this.read(key, name);
    // The end of the map is what was used last.
    this.held.delete(name);
    this.held.set(name, held);
    return held;
  }

  private async read(key: IndexKey, name: string): Promise<Indexed> {
    try {
      const sampleRows = await this.sampleRows(key);
      const roots = await this.roots(key, sampleRows.length);
      this.bytes.set(name, roots.byteLength + sampleRows.byteLength);
      this.forgetOldest(name);
      return { roots, sampleRows };
    } catch (error) {
      this.held.delete(name);
      throw error;
    }
  }

  /** Fixed when a run starts: epochs of a run share them. A recorded one may speak of more samples later. */
  private async sampleRows({ runRow, split, recorded }: IndexKey): Promise<Int32Array> {
    const name = `${runRow} ${split}`;
    const held = this.rowsOfRuns.get(name);
    if (held && !recorded) return held;
    const [found]: { sample_rows: number[] }[] = await this.dataSource.query(
      'SELECT sample_rows FROM run_split WHERE run_row = $1 AND split = $2::split',
      [runRow, split],
    );
    const rows = Int32Array.from(found?.sample_rows ?? []);
    if (this.rowsOfRuns.size >= mostRuns) this.rowsOfRuns.delete(this.rowsOfRuns.keys().next().value!);
    this.rowsOfRuns.set(name, rows);
    return rows;
  }

  /** Square roots of the target distributions, `[N * C]`. */
  private async roots({ runRow, epoch, split, ...layout }: IndexKey, samples: number): Promise<Float32Array> {
    const { classes } = layout;
    const width = recordFloats(layout);
    // Far from every distribution: samples whose distribution a recorded run did not say.
    const roots = new Float32Array(samples * classes).fill(Infinity);
    for await (const { chunk, data } of streamChunks(this.dataSource.manager, { runRow, epoch, split })) {
      const records = floatsOf(data);
      // Number by number: a view of each record would cost more than reading it.
      for (let from = classes, to = chunk * samplesPerChunk * classes; from < records.length; from += width) {
        const known = !Number.isNaN(records[from]);
        for (let k = 0; k < classes; k++, to++) if (known) roots[to] = Math.sqrt(records[from + k]);
      }
    }
    return roots;
  }

  /** Of a recorded epoch, which may be replaced. */
  private async contentOf({ runRow, epoch, split }: IndexKey): Promise<string> {
    const [found]: { content_sha256: string }[] = await this.dataSource.query(
      'SELECT content_sha256 FROM recorded_part WHERE run_row = $1 AND epoch = $2 AND split = $3::split',
      [runRow, epoch, split],
    );
    return found?.content_sha256 ?? '';
  }

  private forgetOldest(newest: string): void {
    let total = [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const name of this.held.keys()) {
      if (total <= mostBytes) return;
      if (name === newest || !this.bytes.has(name)) continue;
      total -= this.bytes.get(name)!;
      this.bytes.delete(name);
      this.held.delete(name);
    }
  }
}
