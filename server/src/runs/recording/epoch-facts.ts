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
