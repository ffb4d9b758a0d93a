import { writeFile } from 'node:fs/promises';
import type { Reading } from '../../../untrusted/reading.js';
import { encodeSafetensors } from '../safetensors.js';
import { readWeights, type ReadWeights } from './read-weights.js';

/** What was read, without its numbers. */
export interface WeightsFound extends Omit<ReadWeights, 'tensors'> {
  tensorCount: number;
  numbers: number;
}

export interface WeightsToRead {
  path: string;
  part: string | null;
  /** Where its tensors are written, by our names as safetensors; null: they are only checked. */
  into: string | null;
}

/** `readWeights` for a reader: a whole two-branch ResNet-50 of twice the usual width fits. */
export const weightsReading: Reading<WeightsToRead, WeightsFound> = {
  name: 'weights',
  limits: { seconds: 300, silentSeconds: 60, megabytes: 1600 },
  async read({ path, part, into }) {
    const { tensors, ...found } = await readWeights(path, part);
    if (into !== null) await writeFile(into, encodeSafetensors(tensors, {}), { flag: 'wx' });
    const numbers = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    return { ...found, tensorCount: tensors.size, numbers };
  },
};
