import { splits } from '../../../split.js';
import { columnFacts, columnName } from '../column.js';
import type { ColumnBatch, ColumnSchema, ColumnValues } from '../column-batch.js';

export type Cell = string | number | null;

/** A column of single values, for formats without vectors. */
export interface FlatColumn {
  /** `entropy`; of a vector, a column for each class: `labelDistribution.fear`. */
  name: string;
  type: 'text' | 'integer' | 'real' | 'double';
  nullable: boolean;
  cell(batch: ColumnBatch, n: number): Cell;
}

export function flatColumns({ columns, classes }: ColumnSchema): FlatColumn[] {
  return columns.flatMap((column): FlatColumn[] => {
    const { kind, nullable } = columnFacts[column];
    const name = columnName(column);
    const values = (batch: ColumnBatch): ColumnValues => batch.columns.get(column)!;
    if (kind === 'distribution' || kind === 'counts') {
      return classes.map((label, k) => ({
        name: `${name}.${label}`,
        type: kind === 'counts' ? 'integer' : 'real',
        nullable,
        cell: (batch, n) => vectorCell(values(batch), n, k, classes.length),
      }));
    }
    const type = kind === 'class' || kind === 'split' ? 'text' : kind;
    return [{ name, type, nullable, cell: (batch, n) => cellOf(values(batch), n, classes) }];
  });
}

function vectorCell(values: ColumnValues, n: number, k: number, classes: number): Cell {
  if (values.kind === 'counts') return values.values[n]?.[k] ?? null;
  const value = values.kind === 'distribution' ? values.values[n * classes + k] : Number.NaN;
  return Number.isNaN(value) ? null : value;
}

/** What a single value is; a vector is null. */
export function cellOf(values: ColumnValues, n: number, classes: readonly string[]): Cell {
  switch (values.kind) {
    case 'class':
      return classes[values.values[n]] ?? null;
    case 'split':
      return splits[values.values[n]];
    case 'real':
    case 'double':
      return Number.isNaN(values.values[n]) ? null : values.values[n];
    case 'text':
    case 'integer':
      return values.values[n];
    default:
      return null;
  }
}

/** The shortest decimal that is the same float32. */
export function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(value);
}
