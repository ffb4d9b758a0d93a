import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { InvalidInputError } from '../../errors.js';
import type { EpochLosses } from '../recorded/epoch.entity.js';

/** What may be said of an epoch as a whole. */
export interface EpochFactsBody {
  /** L, `[C * C]` in the order of the data set's classes. */
  classDistributions?: number[];
  /** `[C]` */
  fallbackRows?: boolean[];
  /** `[C]` */
  classCounts?: number[];
  losses?: EpochLosses;
  learningRate?: number;
  durationSeconds?: number;
  imagesPerSecond?: number;
}

const loss = z.number().nullable().default(null);
const body = z.strictObject({
  classDistributions: z.array(z.array(z.number().min(0).max(1.001))).optional(),
  fallbackRows: z.array(z.boolean()).optional(),
  classCounts: z.array(z.number().int().min(0)).optional(),
  losses: z
    .strictObject({ total: z.number(), crossEntropy: loss, kullbackLeibler: loss, rankRegularization: loss })
    .optional(),
  learningRate: z.number().min(0).optional(),
  durationSeconds: z.number().min(0).optional(),
  imagesPerSecond: z.number().min(0).optional(),
});

const sumTolerance = 1e-3;

/** @throws InvalidInputError that names the field. */
export function epochFacts(value: unknown, classes: readonly string[], recorders: readonly string[]): EpochFactsBody {
  const parsed = body.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidInputError(
      issue!.path.join('.') || 'body',
      `${Object.keys(body.shape).join(', ')} of an epoch (${issue!.message})`,
      value,
    );
  }
  const { classDistributions, fallbackRows, classCounts, ...rest } = parsed.data;
  const order = recorders.map((name) => classes.indexOf(name));
  const inOrder = <T>(name: string, values: T[]): T[] => {
    if (values.length !== classes.length)
      throw new InvalidInputError(name, `${classes.length} of them, for ${recorders.join(', ')}`, values.length);
    const sorted = new Array<T>(classes.length);
    values.forEach((each, place) => (sorted[order[place]] = each));
    return sorted;
  };
  const rows =
    classDistributions &&
    inOrder('classDistributions', classDistributions).map((row, y) => {
      const sorted = inOrder(`classDistributions of ${classes[y]}`, row);
      const sum = sorted.reduce((total, p) => total + p, 0);
      if (Math.abs(sum - 1) > sumTolerance)
        throw new InvalidInputError(`classDistributions of ${classes[y]}`, 'numbers that sum to 1', sum);
      return sorted;
    });
  return definedOf({
    ...rest,
    classDistributions: rows?.flat(),
    fallbackRows: fallbackRows && inOrder('fallbackRows', fallbackRows),
    classCounts: classCounts && inOrder('classCounts', classCounts),
  });
}

function definedOf(facts: { [K in keyof EpochFactsBody]: EpochFactsBody[K] | undefined }): EpochFactsBody {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as EpochFactsBody;
}

/** Keeps what is said of an epoch, which need not be there yet. @returns its row. */
export async function keepFacts(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  facts: EpochFactsBody,
): Promise<number> {
  const [{ row }] = (await manager.query(
    `INSERT INTO epoch (run_row, number, attention_ranges) VALUES ($1, $2, '{}')
     ON CONFLICT (run_row, number) DO UPDATE SET number = EXCLUDED.number RETURNING "row"`,
    [runRow, epoch],
  )) as [{ row: number }];
  for (const name of Object.keys(facts) as (keyof EpochFactsBody)[])
    await manager.query(`UPDATE epoch SET ${factColumns[name]} WHERE "row" = $1`, [row, parameterOf(name, facts)]);
  return row;
}

const factColumns: Readonly<Record<keyof EpochFactsBody, string>> = {
  classDistributions: 'class_distributions = $2::real[]',
  fallbackRows: 'fallback_rows = $2::boolean[]',
  classCounts: 'class_counts = $2::int[]',
  losses: 'losses = $2::jsonb',
  learningRate: 'learning_rate = $2::double precision',
  durationSeconds: 'duration_seconds = $2::double precision',
  imagesPerSecond: 'images_per_second = $2::double precision',
};

function parameterOf(name: keyof EpochFactsBody, facts: EpochFactsBody): unknown {
  return name === 'losses' ? JSON.stringify(facts.losses) : facts[name];
}
