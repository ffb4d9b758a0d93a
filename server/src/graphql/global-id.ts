import { InvalidInputError } from '../errors.js';

/**
 * Public identifiers: the kind, an underscore, the row's number (`run_12`). Stable, readable in a URL, and enough for
 * `node(id)` to know where to look.
 */
export function globalId(kind: string, row: number): string {
  return `${kind}_${row}`;
}

export function parseGlobalId(id: string): { kind: string; row: number } | null {
  const match = /^([a-z]+)_([1-9]\d{0,9})$/.exec(id);
  if (!match || Number(match[2]) > 2147483647) return null;
  return { kind: match[1], row: Number(match[2]) };
}

/** @throws InvalidInputError that names `path` when `id` is not an id of that kind. */
export function rowOf(kind: string, id: string, path = 'id'): number {
  const parsed = parseGlobalId(id);
  if (parsed?.kind !== kind) throw new InvalidInputError(path, `the id of a ${kind}, like ${kind}_1`, id);
  return parsed.row;
}
