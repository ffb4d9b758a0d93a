import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { messageOf, PlatformError } from '../../errors.js';

/** A parity file that cannot be read, or that lacks or contradicts something; the message names file and key. */
export class ParityFileError extends PlatformError {
  constructor(file: string, problem: string) {
    super('PARITY_FILE', `${file}: ${problem}`, { file });
  }
}

/** Of a file that lacks most keys, the first few say enough. */
const listedProblems = 5;

export const numbers = z.array(z.number());
/** A tensor in a few numbers: L2 norm, sum, and its first elements in PyTorch's order. */
export const tensorSummary = z.object({ norm: z.number(), sum: z.number(), head: numbers });
export const summaries = z.record(z.string(), tensorSummary);
export const whole = z.number().int();

const evaluation = z.object({
  auxiliaryLogits: numbers,
  targetLogits: numbers,
  attention: numbers,
  auxiliaryAttention: numbers,
  targetAttention: numbers,
});

export const referenceStep = z.object({
  auxiliaryLogits: numbers,
  targetLogits: numbers,
  attention: numbers,
  fusionWeight: numbers,
  labelDistribution: numbers,
  fusedDistribution: numbers,
  loss: z.number(),
  crossEntropy: z.number(),
  kl: z.number(),
  rankRegularization: z.number(),
  gradients: summaries,
  after: summaries,
});

export const referenceFile = z.object({
  config: z.object({
    seed: whole,
    size: whole.min(1),
    batch: whole.min(1),
    classes: whole.min(2),
    epoch: whole.min(1),
    beta: z.number().positive(),
    threshold: z.number().min(0).max(1),
    steps: whole.min(0),
    tops: z.number().min(0).max(1),
    margin: z.number(),
    maxw: z.number(),
    minw: z.number(),
    lr: z.number().positive(),
  }),
  labels: z.array(whole.min(0)),
  schedule: z.object({ kl: z.number(), crossEntropy: z.number() }),
  parameterCount: whole,
  eval: evaluation,
  steps: z.array(referenceStep),
  mining: z.object({
    labels: z.array(whole.min(0)),
    logits: numbers,
    reference: numbers,
    classWeights: z.object({
      attention: numbers,
      /** Per class; null for a class without samples. */
      average: z.array(z.number().nullable()),
      maximum: z.array(z.number().nullable()),
      minimum: z.array(z.number().nullable()),
    }),
  }),
});

/** What the reference implementation computed for generated weights and inputs. */
export type ReferenceFile = z.infer<typeof referenceFile>;
export type TensorSummary = z.infer<typeof tensorSummary>;

/** @throws ParityFileError */
export async function readReferenceFile(path: string): Promise<ReferenceFile> {
  return parseReferenceFile(await readParityText(path), path);
}

/** @throws ParityFileError where it cannot be read. */
export async function readParityText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ParityFileError(path, `cannot be read: ${messageOf(error)}`);
  }
}

/** @param name of the file, for messages. @throws ParityFileError */
export function parseReferenceFile(text: string, name: string): ReferenceFile {
  const file = parseAs(referenceFile, parityJson(text, name), name);
  checkLengths(file, name);
  return file;
}

/** @throws ParityFileError where it is not JSON. */
export function parityJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ParityFileError(name, `is not JSON: ${messageOf(error)}`);
  }
}

/** @throws ParityFileError with the first problems. */
export function parseAs<T>(schema: z.ZodType<T>, json: unknown, name: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `key "${path.join('.')}": ${message}`);
  const more = problems.length > listedProblems ? `; and ${problems.length - listedProblems} more` : '';
  throw new ParityFileError(name, problems.slice(0, listedProblems).join('; ') + more);
}

/** Every array must have the length that batch, classes and samples ask for: a short one would compare nothing. */
function checkLengths(file: ReferenceFile, name: string): void {
  const { batch, classes, steps } = file.config;
  const samples = file.mining.labels.length;
  const expect = (key: string, list: readonly unknown[], length: number): void => expectLength(name, key, list, length);
  expect('labels', file.labels, batch);
  expect('steps', file.steps, steps);
  checkPasses(file, name);
  expect('mining.logits', file.mining.logits, samples * classes);
  expect('mining.reference', file.mining.reference, classes * classes);
  const { attention, ...perClass } = file.mining.classWeights;
  expect('mining.classWeights.attention', attention, samples);
  for (const [statistic, list] of Object.entries(perClass)) expect(`mining.classWeights.${statistic}`, list, classes);
  checkLabels({ labels: file.labels, 'mining.labels': file.mining.labels }, classes, name);
}

export function expectLength(name: string, key: string, list: readonly unknown[], length: number): void {
  if (list.length !== length)
    throw new ParityFileError(name, `key "${key}": expected ${length} values, found ${list.length}`);
}

interface Passes {
  config: { batch: number; classes: number };
  eval: z.infer<typeof evaluation>;
  steps: Omit<z.infer<typeof referenceStep>, 'after'>[];
}

/** What each pass says of a batch. */
export function checkPasses(file: Passes, name: string): void {
  const { batch, classes } = file.config;
  const passes: Record<string, Record<string, unknown>> = {
    eval: file.eval,
    ...Object.fromEntries(file.steps.map((step, i) => [`steps.${i}`, step])),
  };
  for (const [key, quantities] of Object.entries(passes)) {
    for (const [quantity, list] of Object.entries(quantities)) {
      const length = /logits|distribution/i.test(quantity) ? batch * classes : batch;
      if (Array.isArray(list)) expectLength(name, `${key}.${quantity}`, list, length);
    }
  }
}

export function checkLabels(lists: Record<string, number[]>, classes: number, name: string): void {
  for (const [key, labels] of Object.entries(lists)) {
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0)
      throw new ParityFileError(
        name,
        `key "${key}.${wrong}": expected a class below ${classes}, found ${labels[wrong]}`,
      );
  }
}
