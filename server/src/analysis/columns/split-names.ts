import { globalId } from '../../graphql/global-id.js';
import { gatherRows } from '../../runs/recorded/gather.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';

export interface SampleFactsRow {
  row: number;
  index: number;
  key: string;
  subject: string | null;
  votes: number[] | null;
  true_distribution: number[] | null;
}

/** What the samples of a split are called, the same after every epoch. */
export class SplitNames {
  private readonly held = new Map<string, string[]>();
  private truths: Float32Array | null = null;

  constructor(
    private readonly samples: readonly SampleFactsRow[],
    private readonly run: TrainingRun,
  ) {}

  /** By position; of RUN the one. */
  texts(name: 'RUN' | 'SAMPLE' | 'KEY' | 'IMAGE'): readonly string[] {
    let texts = this.held.get(name);
    if (!texts) this.held.set(name, (texts = this.made(name)));
    return texts;
  }

  at<T>(positions: Int32Array, fact: (sample: SampleFactsRow) => T): T[] {
    return Array.from(positions, (place) => fact(this.samples[place]));
  }

  /** `[positions * C]`, NaN where it is not known. */
  truth(positions: Int32Array): Float32Array {
    const classes = this.run.dataset.classes.length;
    this.truths ??= this.allTruths(classes);
    return positions.length === this.samples.length ? this.truths : gatherRows(this.truths, positions, classes);
  }

  private allTruths(classes: number): Float32Array {
    const all = new Float32Array(this.samples.length * classes).fill(Number.NaN);
    this.samples.forEach(({ true_distribution: truth }, place) => truth && all.set(truth, place * classes));
    return all;
  }

  private made(name: 'RUN' | 'SAMPLE' | 'KEY' | 'IMAGE'): string[] {
    if (name === 'RUN') return [this.run.id];
    if (name === 'KEY') return this.samples.map(({ key }) => key);
    const ids = this.samples.map(({ row }) => globalId('sample', row));
    return name === 'SAMPLE' ? ids : ids.map((id) => `/images/${id}`);
  }
}
