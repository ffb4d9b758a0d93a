import { type Random, randomFrom } from '../random.js';

/** An orthonormal basis of the directions in which rows vary most, widest first. */
export interface PrincipalComponents {
  /** `[D]` */
  mean: Float64Array;
  /** `[K][D]` */
  directions: Float64Array[];
  /** Share of the variance of the drawn rows along each, `[K]`. */
  shares: number[];
}

/** Rows from which directions are found: enough for a covariance of 1,024 columns, and as quick for 300,000 rows. */
const drawnRows = 4096;
const iterations = 30;

/**
 * Of `rows` `[N * D]`, from at most 4,096 of them drawn by the seed: orthogonal iteration on their covariance. The
 * sign of a direction makes its largest entry positive, so that the same rows give the same numbers.
 * @param count K; fewer come back where the rows vary in fewer directions.
 */
export function principalComponents(
  rows: Float32Array,
  width: number,
  { count, seed }: { count: number; seed: number },
): PrincipalComponents {
  const samples = rows.length / width;
  const random = randomFrom(seed);
  const drawn = drawRows(samples, random);
  const { mean, covariance } = covarianceOf(rows, width, drawn);
  const total = covariance.reduce((sum, row, d) => sum + row[d], 0);
  const wanted = Math.min(count, width, Math.max(0, drawn.length - 1));
  let basis: Float64Array[] = Array.from({ length: wanted }, () =>
    Float64Array.from({ length: width }, () => random.uniform() - 0.5),
  );
  for (let pass = 0; pass < iterations; pass++) basis = orthonormal(basis.map((vector) => product(covariance, vector)));
  const found = basis
    .map((direction) => ({ direction, variance: dot(direction, product(covariance, direction)) }))
    .filter(({ variance }) => variance > total * 1e-9)
    .sort((a, b) => b.variance - a.variance);
  return {
    mean,
    directions: found.map(({ direction }) => upright(direction)),
    shares: found.map(({ variance }) => variance / total),
  };
}

function drawRows(samples: number, random: Random): number[] {
  const all = Array.from({ length: samples }, (_, n) => n);
  if (samples <= drawnRows) return all;
  for (let n = 0; n < drawnRows; n++) {
    const other = n + random.integer(samples - n);
    [all[n], all[other]] = [all[other], all[n]];
  }
  return all.slice(0, drawnRows);
}

function covarianceOf(
  rows: Float32Array,
  width: number,
  drawn: readonly number[],
): { mean: Float64Array; covariance: Float64Array[] } {
  const mean = new Float64Array(width);
  for (const n of drawn) for (let d = 0; d < width; d++) mean[d] += rows[n * width + d] / drawn.length;
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  const centred = new Float64Array(width);
  for (const n of drawn) {
    for (let d = 0; d < width; d++) centred[d] = rows[n * width + d] - mean[d];
    for (let d = 0; d < width; d++) {
      const value = centred[d] / drawn.length;
      if (value === 0) continue;
      const row = covariance[d];
      for (let e = d; e < width; e++) row[e] += value * centred[e];
    }
  }
  for (let d = 0; d < width; d++) for (let e = 0; e < d; e++) covariance[d][e] = covariance[e][d];
  return { mean, covariance };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}

function product(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

/** Modified Gram-Schmidt; a vector that depends on those before becomes zero. */
function orthonormal(vectors: Float64Array[]): Float64Array[] {
  vectors.forEach((vector, place) => {
    const before = Math.sqrt(dot(vector, vector));
    for (let other = 0; other < place; other++) {
      const along = dot(vector, vectors[other]);
      for (let d = 0; d < vector.length; d++) vector[d] -= along * vectors[other][d];
    }
    const length = Math.sqrt(dot(vector, vector));
    const scale = length > before * 1e-12 && length > 0 ? 1 / length : 0;
    for (let d = 0; d < vector.length; d++) vector[d] *= scale;
  });
  return vectors;
}

function upright(direction: Float64Array): Float64Array {
  let largest = 0;
  for (let d = 0; d < direction.length; d++) if (Math.abs(direction[d]) > Math.abs(direction[largest])) largest = d;
  return direction[largest] < 0 ? direction.map((value) => -value) : direction;
}

/** Coordinates of rows `[N * D]` along the directions, `[N * K]`; NaN where a row is. */
export function project(rows: Float32Array, width: number, { mean, directions }: PrincipalComponents): Float32Array {
  const [samples, count] = [rows.length / width, directions.length];
  const coordinates = new Float32Array(samples * count);
  const centred = new Float64Array(width);
  for (let n = 0; n < samples; n++) {
    for (let d = 0; d < width; d++) centred[d] = rows[n * width + d] - mean[d];
    for (let k = 0; k < count; k++) coordinates[n * count + k] = dot(directions[k], centred);
  }
  return coordinates;
}
