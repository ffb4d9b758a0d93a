/**
 * The same value with every number in it rounded to float32: the API writes distributions with no more digits than that
 * has.
 */
export function inSinglePrecision<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_name, inner: unknown) =>
    typeof inner === 'number' ? Math.fround(inner) : inner,
  ) as T;
}
