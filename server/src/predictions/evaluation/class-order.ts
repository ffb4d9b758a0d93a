import { InvalidInputError } from '../../errors.js';
import type { Evaluation as Outputs } from '../../models/forward-pass/forward-pass.js';

/** For each class of a data set its place among a model's logits, `[C]`; null where the two agree. */
export type ClassOrder = readonly number[] | null;

/**
 * @throws InvalidInputError where the data set has other classes than the model. Their order does not matter, nor do
 * capitals.
 */
export function classOrder(model: readonly string[], dataset: readonly string[], argument: string): ClassOrder {
  const plain = (name: string): string => name.trim().toLowerCase();
  const places = dataset.map((name) => model.findIndex((one) => plain(one) === plain(name)));
  if (places.includes(-1) || model.length !== dataset.length)
    throw new InvalidInputError(argument, `a data set with the classes of the model, ${model.join(', ')}`, dataset);
  return places.every((place, k) => place === k) ? null : places;
}

/** `[N * C]` in the order of the model -> in the order of the data set. */
function reorderRows(values: Float32Array, order: ClassOrder): Float32Array {
  if (order === null) return values;
  const classes = order.length;
  return Float32Array.from(values, (_, place) => values[place - (place % classes) + order[place % classes]]);
}

/** L, `[C * C]`, rows and columns. */
export function reorderMatrix(matrix: Float32Array, order: ClassOrder): Float32Array {
  if (order === null) return matrix;
  const classes = order.length;
  return Float32Array.from(
    matrix,
    (_, place) => matrix[order[Math.floor(place / classes)] * classes + order[place % classes]],
  );
}

export function reorderOutputs(outputs: Outputs, order: ClassOrder): Outputs {
  if (order === null) return outputs;
  const vectors = ['auxiliaryLogits', 'targetLogits', 'labelDistributions', 'targetDistributions'] as const;
  return { ...outputs, ...Object.fromEntries(vectors.map((name) => [name, reorderRows(outputs[name], order)])) };
}
