import { TableBuilder } from '../table-builder.js';
import { columnCalled, vectorColumns, type RecordedTable } from '../recorded-table.js';

/** `target.anger`, `logits_0`: one number of a vector, in a format without vectors. */
const partOfVector = /^(.+?)[._[](.+?)\]?$/s;

/** Gathers columns of a format that stores columns: lists, or a column for each number of a vector. */
export class ColumnarBuilder {
  private readonly whole = new Map<string, unknown[]>();
  private readonly parts = new Map<string, unknown[][]>();

  knows(name: string): boolean {
    return columnCalled(name) !== null || vectorOf(name) !== null;
  }

  /** The next values of a column; columns of one batch have equal lengths. */
  add(name: string, values: unknown[]): void {
    if (columnCalled(name) !== null) {
      const held = this.whole.get(name);
      if (held) for (const value of values) held.push(value);
      else this.whole.set(name, values);
      return;
    }
    const vector = vectorOf(name)!;
    const columns = this.parts.get(vector.name) ?? [];
    this.parts.set(vector.name, columns);
    const key = `${vector.name} ${vector.part}`;
    let place = this.places.get(key);
    if (place === undefined) {
      this.places.set(key, (place = columns.length));
      columns.push([]);
    }
    for (const value of values) columns[place].push(value);
  }

  /** Classes that the parts of a vector are called by, in their order; null where they have numbers or there are none. */
  get partNames(): string[] | null {
    const first = [...this.parts.keys()][0];
    if (first === undefined) return null;
    const names = [...this.places.keys()]
      .filter((key) => key.startsWith(`${first} `))
      .map((key) => key.slice(first.length + 1));
    return names.every((name) => /^\d+$/.test(name)) ? null : names;
  }

  /** @throws RecordingError */
  table(): RecordedTable {
    const builder = new TableBuilder();
    const rows = Math.max(0, ...[...this.whole.values()].map((values) => values.length));
    for (let n = 0; n < rows; n++) {
      const cells: Record<string, unknown> = {};
      for (const [name, values] of this.whole) cells[name] = plain(values[n]);
      for (const [name, columns] of this.parts) cells[name] ??= columns.map((values) => plain(values[n]));
      builder.add(cells);
    }
    return { ...builder.table(), ...(this.partNames && { classes: this.partNames }) };
  }

  private readonly places = new Map<string, number>();
}

function vectorOf(name: string): { name: string; part: string } | null {
  const found = partOfVector.exec(name);
  if (!found) return null;
  const column = columnCalled(found[1]);
  return column && (vectorColumns as ReadonlySet<string>).has(column) ? { name: found[1], part: found[2] } : null;
}

/** Formats with 64-bit integers give bigint. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  return Array.isArray(value) ? value.map(plain) : value;
}
