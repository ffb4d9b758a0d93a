import type { DataSource } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { argmax } from '../../metrics/argmax.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import type { Split } from '../../split.js';
import { Measure, type StoredMeasure, storedMeasures } from '../record/measure.js';
import { rowOf } from '../record/opinion-labels.js';
import { Reference } from '../reports/run-reports.js';
import { requireRun } from '../samples/sample-analyses.js';
import { type SplitNumbers, SplitNumbersReader } from '../validity/split-numbers.js';
import { findSlices } from './find-slices.js';
import { readAttributes } from './read-attributes.js';
import type { SliceReport } from './slice-types.js';

export interface SliceQuestion {
  split: Split;
  epoch: number | null;
  reference: Reference;
  /** Least samples of a slice. */
  support: number;
  first: number;
  /** Null: attention, label entropy, and entropy of the votes. */
  measures: readonly Measure[] | null;
}

const usualMeasures: readonly StoredMeasure[] = [Measure.ATTENTION, Measure.ENTROPY, Measure.VOTES_ENTROPY];
const mostSlices = 200;
const examples = 12;

/** Finds samples that share something and on which a run errs more often than elsewhere. */
export class SliceService {
  private readonly reader = new SplitNumbersReader();

  constructor(private readonly dataSource: DataSource) {}

  /** Null before the first epoch. @throws InvalidInputError */
  async report(run: TrainingRun, question: SliceQuestion): Promise<SliceReport | null> {
    const { split, epoch, reference, support, first } = question;
    if (!Number.isInteger(first) || first < 1 || first > mostSlices)
      throw new InvalidInputError('first', `1 to ${mostSlices}`, first);
    if (!Number.isInteger(support) || support < 2) throw new InvalidInputError('support', 'at least 2', support);
    if (reference === Reference.VOTES)
      throw new InvalidInputError('reference', 'GIVEN or CLEAN: an error needs one label that is right', reference);
    const { manager } = this.dataSource;
    const whole = await requireRun(manager, run.row);
    const numbers = await this.reader.read(manager, whole, split, epoch);
    if (!numbers) return null;
    const { places, wrong } = errorsOf(numbers, reference);
    if (places.length === 0)
      throw new InvalidInputError(
        'reference',
        'a reference that is known of some sample and a run that says distributions',
        reference,
      );
    const attributes = await readAttributes(manager, numbers, places, chosenMeasures(question.measures));
    const found = findSlices(wrong, attributes, support);
    return {
      epoch: numbers.epoch,
      split,
      reference,
      samples: places.length,
      errorRate: found.errorRate,
      interval: found.interval,
      looked: found.looked,
      correction: 'Holm',
      attributes: attributes.map(({ name }) => name),
      slices: found.slices.slice(0, first).map(({ places: own, ...slice }) => ({
        ...slice,
        exampleRows: worstOf(numbers, places, wrong, own),
      })),
    };
  }
}

function chosenMeasures(asked: readonly Measure[] | null): StoredMeasure[] {
  const wanted = new Set<Measure>(asked ?? usualMeasures);
  return storedMeasures.filter((measure) => wanted.has(measure));
}

function errorsOf(
  { outputs, human, classes }: SplitNumbers,
  reference: Reference,
): { places: Int32Array; wrong: Uint8Array } {
  const truth = reference === Reference.CLEAN ? human.clean : outputs.labels;
  const target = (n: number): Float32Array => rowOf(outputs.targetDistributions, n, classes);
  const places = Int32Array.from(outputs.labels.keys()).filter((n) => truth[n] >= 0 && !Number.isNaN(target(n)[0]));
  return { places, wrong: Uint8Array.from(places, (n) => Number(argmax(target(n)) !== truth[n])) };
}

/** Rows of errors of a slice, those first that the network is surest of. */
function worstOf({ outputs, classes }: SplitNumbers, places: Int32Array, wrong: Uint8Array, own: Int32Array): number[] {
  const sure = (n: number): number => Math.max(...rowOf(outputs.targetDistributions, n, classes));
  return Array.from(own)
    .filter((place) => wrong[place])
    .map((place) => places[place])
    .sort((a, b) => sure(b) - sure(a) || a - b)
    .slice(0, examples)
    .map((n) => outputs.sampleRows[n]);
}
