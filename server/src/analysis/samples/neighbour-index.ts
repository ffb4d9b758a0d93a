import type { DataSource } from 'typeorm';
import type { Split } from '../../split.js';
import { streamChunks } from '../../runs/recorded/column-stream.js';
import { nearestRows, rootsOf } from '../../metrics/nearest.js';

/** Target distributions of a split after an epoch, ready to be searched. */
interface Indexed {
  /** Square roots, `[N * C]`. */
  roots: Float32Array;
  /** Rows of `sample`, `[N]`. */
  sampleRows: Int32Array;
}

export interface NeighbourQuestion {
  runRow: number;
  /** Of the epoch: never used again, so what is remembered by it never grows old. */
  epochRow: number;
  epoch: number;
  classes: number;
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
        found.push({ sampleRow: indexed.sampleRows[row]!, distance });
    }
    return found.sort((a, b) => a.distance - b.distance || a.sampleRow - b.sampleRow).slice(0, first);
  }

  private indexed(key: {
    runRow: number;
    epochRow: number;
    epoch: number;
    classes: number;
    split: Split;
  }): Promise<Indexed> {
    const name = `${key.epochRow} ${key.split}`;
    const held = this.held.get(name) ?? this.read(key, name);
    // The end of the map is what was used last.
    this.held.delete(name);
    this.held.set(name, held);
    return held;
  }

  private async read(
    key: { runRow: number; epoch: number; classes: number; split: Split },
    name: string,
  ): Promise<Indexed> {
    try {
      const sampleRows = await this.sampleRows(key.runRow, key.split);
      const targets = await this.targets(key, sampleRows.length);
      this.bytes.set(name, targets.byteLength + sampleRows.byteLength);
      this.forgetOldest(name);
      return { roots: rootsOf(targets), sampleRows };
    } catch (error) {
      this.held.delete(name);
      throw error;
    }
  }

  /** Fixed when a run starts: epochs of a run share them. */
  private async sampleRows(runRow: number, split: Split): Promise<Int32Array> {
    const name = `${runRow} ${split}`;
    const held = this.rowsOfRuns.get(name);
    if (held) return held;
    const [found]: { sample_rows: number[] }[] = await this.dataSource.query(
      'SELECT sample_rows FROM run_split WHERE run_row = $1 AND split = $2::split',
      [runRow, split],
    );
    const rows = Int32Array.from(found?.sample_rows ?? []);
    if (this.rowsOfRuns.size >= mostRuns) this.rowsOfRuns.delete(this.rowsOfRuns.keys().next().value!);
    this.rowsOfRuns.set(name, rows);
    return rows;
  }

  private async targets(
    { runRow, epoch, classes, split }: { runRow: number; epoch: number; classes: number; split: Split },
    samples: number,
  ): Promise<Float32Array> {
    const targets = new Float32Array(samples * classes);
    const width = 2 * classes + 2;
    let sample = 0;
    for await (const chunk of streamChunks(this.dataSource.manager, { runRow, epoch, split })) {
      const records = new Float32Array(Uint8Array.from(chunk).buffer);
      for (let start = 0; start < records.length; start += width, sample++)
        targets.set(records.subarray(start + classes, start + 2 * classes), sample * classes);
    }
    return targets;
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
