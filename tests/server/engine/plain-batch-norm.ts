/** Batch norm with batch statistics, residual and ReLU as plain loops in double precision. */
export interface PlainBatchNorm {
  rows: number;
  channels: number;
  x: ArrayLike<number>;
  scale: ArrayLike<number>;
  shift: ArrayLike<number>;
  residual?: ArrayLike<number>;
  relu: boolean;
  epsilon: number;
}

export function plainBatchNorm(b: PlainBatchNorm): Record<'y' | 'mean' | 'variance', Float64Array> {
  const mean = new Float64Array(b.channels);
  const variance = new Float64Array(b.channels);
  for (let i = 0; i < b.x.length; i++) mean[i % b.channels] += b.x[i] / b.rows;
  for (let i = 0; i < b.x.length; i++) variance[i % b.channels] += (b.x[i] - mean[i % b.channels]) ** 2 / b.rows;
  const y = Float64Array.from({ length: b.x.length }, (_, i) => {
    const c = i % b.channels;
    const value =
      ((b.x[i] - mean[c]) / Math.sqrt(variance[c] + b.epsilon)) * b.scale[c] + b.shift[c] + (b.residual?.[i] ?? 0);
    return b.relu ? Math.max(0, value) : value;
  });
  return { y, mean, variance };
}

/** Gradients of sum(y * dy) by central differences. */
export function batchNormDifferences(
  b: PlainBatchNorm,
  dy: ArrayLike<number>,
): Record<'x' | 'scale' | 'shift' | 'residual', Float64Array> {
  const objective = (changed: Partial<PlainBatchNorm>): number =>
    plainBatchNorm({ ...b, ...changed }).y.reduce((sum, y, i) => sum + y * dy[i], 0);
  const gradient = (name: 'x' | 'scale' | 'shift' | 'residual'): Float64Array => {
    const values = Float64Array.from(b[name] ?? []);
    const step = 1e-5;
    return values.map((value, i) => {
      const at = (v: number): number => objective({ [name]: values.with(i, v) });
      return (at(value + step) - at(value - step)) / (2 * step);
    });
  };
  return { x: gradient('x'), scale: gradient('scale'), shift: gradient('shift'), residual: gradient('residual') };
}
