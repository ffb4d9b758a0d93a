import { z } from 'zod';
import { parametersOf, type NamedWeights } from '../../ada-df/parameters.js';
import type { AdaDfConfig } from '../../ada-df/config.js';
import {
  checkLabels,
  checkPasses,
  expectLength,
  numbers,
  parityJson,
  ParityFileError,
  parseAs,
  referenceFile,
  referenceStep,
  summaries,
  tensorSummary,
  whole,
} from './reference-file.js';

const packed = z.record(z.string(), z.base64());

const lateStateFile = z.object({
  kind: z.literal('late-state'),
  config: referenceFile.shape.config.extend({
    width: whole.min(1),
    sharpening: z.number().positive(),
    sharpeningAxis: z.enum(['rows', 'columns']),
    fallback: z.enum(['normalised', 'reference']),
  }),
  /** As training does it: RandAugment, flip, erasing. */
  augmentation: z.object({
    seed: whole,
    operations: whole.min(0),
    magnitude: z.number(),
    deviation: z.number(),
    erasing: z.number().min(0).max(1),
  }),
  labels: z.array(whole.min(0)),
  schedule: z.object({ kl: z.number(), crossEntropy: z.number() }),
  /** By name, numbers of 16 bits (bfloat16), little endian. */
  state: z.object({ weights: packed, moments: packed, adamStep: whole.min(1), classDistributions: numbers }),
  /** Of each training image, `[size, size, 3]` normalised. */
  images: z.array(tensorSummary),
  eval: referenceFile.shape.eval,
  steps: z.array(referenceStep.extend({ movement: summaries, moments: summaries })),
  /** L mined from logits with sharpening: our way and the authors'. */
  mining: z.object({ labels: z.array(whole.min(0)), logits: numbers, rows: numbers, columns: numbers }),
});

/** What an implementation in PyTorch computed in float64 from a state in the middle of a training. */
export type LateStateFile = z.infer<typeof lateStateFile>;

/** Whether a text is such a file, and no reference file. */
export function isLateState(text: string, name: string): boolean {
  const json = parityJson(text, name);
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'late-state';
}

/** @param name of the file, for messages. @throws ParityFileError */
export function parseLateStateFile(text: string, name: string): LateStateFile {
  const file = parseAs(lateStateFile, parityJson(text, name), name);
  const { batch, classes, steps } = file.config;
  const matrix = classes * classes;
  expectLength(name, 'labels', file.labels, batch);
  expectLength(name, 'images', file.images, batch);
  expectLength(name, 'steps', file.steps, steps);
  expectLength(name, 'state.classDistributions', file.state.classDistributions, matrix);
  expectLength(name, 'mining.logits', file.mining.logits, file.mining.labels.length * classes);
  expectLength(name, 'mining.rows', file.mining.rows, matrix);
  expectLength(name, 'mining.columns', file.mining.columns, matrix);
  checkPasses(file, name);
  checkLabels({ labels: file.labels, 'mining.labels': file.mining.labels }, classes, name);
  return file;
}

/** Weights and running statistics of the state. @throws ParityFileError where one is missing, or of another length. */
export function weightsOf({ state }: LateStateFile, config: AdaDfConfig, name: string): NamedWeights {
  return new Map(
    parametersOf(config).map(({ name: tensor, shape }) => [
      tensor,
      { shape, data: unpacked(state.weights, tensor, shape, `${name}: key "state.weights`) },
    ]),
  );
}

/** Adam's moments of every trainable parameter. @throws ParityFileError as `weightsOf`. */
export function momentsOf({ state }: LateStateFile, config: AdaDfConfig, name: string): NamedWeights {
  const trained = parametersOf(config).filter(({ trainable }) => trainable);
  return new Map(
    trained.flatMap(({ name: parameter, shape }) =>
      ['exp_avg', 'exp_avg_sq'].map((moment): [string, { shape: number[]; data: Float32Array }] => {
        const tensor = `${parameter}.${moment}`;
        return [tensor, { shape, data: unpacked(state.moments, tensor, shape, `${name}: key "state.moments`) }];
      }),
    ),
  );
}

function unpacked(tensors: Record<string, string>, tensor: string, shape: number[], where: string): Float32Array {
  const bytes = Buffer.from(tensors[tensor] ?? '', 'base64');
  const length = shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== 2 * length) {
    const [file, key] = where.split(': key "');
    throw new ParityFileError(
      file!,
      `key "${key}.${tensor}": expected ${length} numbers of 16 bits, found ${bytes.length} bytes`,
    );
  }
  const bits = new Uint32Array(length);
  for (let n = 0; n < length; n++) bits[n] = bytes.readUInt16LE(2 * n) << 16;
  return new Float32Array(bits.buffer);
}
