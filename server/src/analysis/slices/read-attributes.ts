import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { measures, type StoredMeasure } from '../record/measure.js';
import type { SplitNumbers } from '../validity/split-numbers.js';
import type { Attribute } from './attribute.js';

interface SampleRead {
  row: number;
  subject: string | null;
  width: number;
  height: number;
  action_units: Record<string, number> | null;
  brightness: number | null;
  sharpness: number | null;
  attributes: Record<string, string> | null;
}

/** An action unit counts as shown from here on. */
const shownFrom = 0.5;

/**
 * Everything that samples at `places` can be told apart by: the given label first, what the data set says of them, what
 * their pictures are like, and measures of the run.
 */
export async function readAttributes(
  manager: EntityManager,
  { outputs, analysis, run }: SplitNumbers,
  places: Int32Array,
  chosen: readonly StoredMeasure[],
): Promise<Attribute[]> {
  const sampleRows = Array.from(places, (n) => outputs.sampleRows[n]);
  const found: SampleRead[] = await manager.query(
    `SELECT s."row", s.subject, s.width, s.height, s.action_units, d.brightness, d.sharpness, d.attributes
       FROM sample s LEFT JOIN sample_detail d ON d.sample_row = s."row" WHERE s."row" = ANY($1::int[])`,
    [sampleRows],
  );
  const byRow = new Map(found.map((one) => [one.row, one]));
  const samples = sampleRows.map((row) => byRow.get(row));
  const of = (name: string, value: (sample: SampleRead) => string | number | null): Attribute => ({
    name,
    values: samples.map((sample) => (sample ? value(sample) : null)),
  });
  return [
    { name: 'givenLabel', values: Array.from(places, (n) => classOf(run.dataset, outputs.labels[n])) },
    of('subject', ({ subject }) => subject),
    of('size', ({ width, height }) => Math.min(width, height)),
    of('brightness', ({ brightness }) => brightness),
    of('sharpness', ({ sharpness }) => sharpness),
    ...namesIn(samples, ({ attributes }) => attributes).map((name) =>
      of(name, ({ attributes }) => numberOr(attributes?.[name] ?? null)),
    ),
    ...namesIn(samples, ({ action_units }) => action_units).map((unit) =>
      of(`action unit ${unit}`, ({ action_units }) =>
        action_units ? ((action_units[unit] ?? 0) >= shownFrom ? 'shown' : 'not shown') : null,
      ),
    ),
    ...chosen.map((measure) => ({
      name: measures[measure].title,
      values: Array.from(places, (n) => unknownAsNull(analysis.measures[measure][n])),
    })),
  ].filter(({ values }) => values.some((value) => value !== null));
}

function classOf({ classes }: Dataset, label: number): string {
  return classes[label];
}

function namesIn(
  samples: readonly (SampleRead | undefined)[],
  record: (sample: SampleRead) => Record<string, unknown> | null,
): string[] {
  const names = new Set<string>();
  for (const sample of samples) for (const name of Object.keys((sample && record(sample)) ?? {})) names.add(name);
  return [...names].sort();
}

/** A column of numbers is cut into ranges; one word in it makes all of it words. */
function numberOr(text: string | null): string | number | null {
  if (text === null) return null;
  return /^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text) ? Number(text) : text;
}

function unknownAsNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
