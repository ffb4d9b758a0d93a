import type { Architecture } from '../../../ada-df/resnet.js';
import type { NamedTensor } from '../safetensors.js';
import type { Picklable, SavedTensor } from '../pytorch/pickle-writer.js';
import { adaDfTensors } from './weight-names.js';

export interface AuthorsCheckpoint {
  architecture: Architecture;
  classes: number;
  tensors: ReadonlyMap<string, NamedTensor>;
  /** L, `[C * C]`; null: left out. */
  classDistributions: Float32Array | null;
  /** The last epoch trained; they write the number of the next. */
  epoch: number;
}

/**
 * The dictionary that the authors' code saves, without its optimiser: `state_dict` with their names, repeated names
 * sharing one storage.
 */
export function authorsCheckpoint({
  architecture,
  classes,
  tensors,
  classDistributions,
  epoch,
}: AuthorsCheckpoint): Picklable {
  const stateDict = new Map<string, Picklable>();
  let storages = 0;
  const save = (shape: number[], data: Float32Array | BigInt64Array): SavedTensor => ({
    kind: 'saved tensor',
    key: String(storages++),
    type: data instanceof Float32Array ? 'F32' : 'I64',
    shape,
    bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  });
  for (const { name, keys } of adaDfTensors(architecture, classes, 'authors')) {
    const { shape, data } = tensors.get(name)!;
    const saved = save(shape, data);
    for (const key of keys) stateDict.set(key, saved);
    if (!name.endsWith('.running_var')) continue;
    // PyTorch counts batches beside the running statistics; with a momentum it never uses the count.
    const counter = save([], BigInt64Array.of(0n));
    for (const key of keys) stateDict.set(key.replace(/running_var$/, 'num_batches_tracked'), counter);
  }
  const checkpoint = new Map<string, Picklable>([
    ['epoch', epoch + 1],
    ['state_dict', stateDict],
  ]);
  if (classDistributions) checkpoint.set('class_distributions', save([classes, classes], classDistributions));
  return checkpoint;
}
