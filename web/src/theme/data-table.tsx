'use client';
import { Checkbox } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { csvOf, saveText, type CsvValue } from './csv';
import styles from './data-table.module.css';
import type { TermName } from './glossary';
import { Term } from './term';

export interface Column<Row> {
  key: string;
  name: string;
  term?: TermName;
  cell: (row: Row) => ReactNode;
  /** What is sorted by and written to a file; null is last. Without it the column does neither. */
  value?: (row: Row) => CsvValue;
  number?: boolean;
  /** Shown only where the reader chose it. */
  optional?: boolean;
  /** Cannot be hidden; the first such column names the row. */
  fixed?: boolean;
}

export interface TableSort {
  key: string;
  descending: boolean;
}

interface Selection {
  keys: ReadonlySet<string>;
  change: (keys: ReadonlySet<string>) => void;
}

export interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  columns: readonly Column<Row>[];
  /** Keys of the columns that are shown; default: those that are not optional. */
  shown?: readonly string[] | null;
  sort?: TableSort | null;
  /** Without it heads are no buttons. */
  onSort?: (sort: TableSort | null) => void;
  /** Rows come sorted; else they are sorted here. */
  sorted?: boolean;
  selection?: Selection;
  rowName?: (row: Row) => string;
}

/** The one table: heads that sort, rows to select, cards on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, rows, rowKey, columns, shown, sort = null, sorted = false, selection, rowName } = props;
  const visible = shownColumns(columns, shown ?? null);
  const ordered = useMemo(() => (sorted ? rows : sortRows(rows, columns, sort)), [rows, columns, sort, sorted]);
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {selection && <SelectAll rows={rows} rowKey={rowKey} selection={selection} />}
            {visible.map((column) => (
              <Head key={column.key} column={column} sort={sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {ordered.map((row) => {
            const key = rowKey(row);
            return (
              <tr key={key} data-selected={selection?.keys.has(key) || undefined}>
                {selection && (
                  <td className={styles.select}>
                    <Checkbox
                      aria-label={`Select ${rowName?.(row) ?? key}`}
                      checked={selection.keys.has(key)}
                      onChange={() => selection.change(toggled(selection.keys, key))}
                    />
                  </td>
                )}
                {visible.map((column, place) => (
                  <Cell key={column.key} column={column} row={row} head={place === 0} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row, head }: { column: Column<Row>; row: Row; head: boolean }): ReactNode {
  const shared = { 'data-number': column.number || undefined, 'data-name': column.name };
  if (head)
    return (
      <th scope="row" {...shared}>
        {column.cell(row)}
      </th>
    );
  return (
    <td {...shared}>
      <span>{column.cell(row)}</span>
    </td>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  sort: TableSort | null;
  onSort: ((sort: TableSort | null) => void) | undefined;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>): ReactNode {
  const mine = sort?.key === column.key ? sort : null;
  // First the direction that one looks for, then the other, then the order of the list.
  const next = !mine
    ? { key: column.key, descending: column.number === true }
    : mine.descending === (column.number === true)
      ? { key: column.key, descending: !mine.descending }
      : null;
  return (
    <th
      scope="col"
      data-number={column.number || undefined}
      aria-sort={mine ? (mine.descending ? 'descending' : 'ascending') : undefined}
    >
      {onSort && column.value ? (
        <button type="button" className={styles.sort} onClick={() => onSort(next)}>
          {column.name}
          <span aria-hidden="true">{mine ? (mine.descending ? ' ↓' : ' ↑') : ''}</span>
        </button>
      ) : (
        column.name
      )}
      {column.term && <Term of={column.term} mark />}
    </th>
  );
}

interface SelectAllProps<Row> {
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  selection: Selection;
}

function SelectAll<Row>({ rows, rowKey, selection }: SelectAllProps<Row>): ReactNode {
  const keys = rows.map(rowKey);
  const count = keys.filter((key) => selection.keys.has(key)).length;
  return (
    <th scope="col" className={styles.select}>
      <Checkbox
        aria-label="Select all that are shown"
        checked={count > 0 && count === keys.length}
        indeterminate={count > 0 && count < keys.length}
        onChange={() => selection.change(count === keys.length ? new Set() : new Set([...selection.keys, ...keys]))}
      />
    </th>
  );
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

export function shownColumns<Row>(columns: readonly Column<Row>[], shown: readonly string[] | null): Column<Row>[] {
  return columns.filter((column) => column.fixed || (shown ? shown.includes(column.key) : !column.optional));
}

/** Stable; null, undefined and NaN are last both ways. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: TableSort | null,
): readonly Row[] {
  const value = columns.find((column) => column.key === sort?.key)?.value;
  if (!sort || !value) return rows;
  const missing = (one: CsvValue): boolean => one === null || one === undefined || Number.isNaN(one);
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (missing(left) || missing(right)) return Number(missing(left)) - Number(missing(right));
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right), 'en', { numeric: true });
  });
}

/** The columns that are shown, as text of a file. */
export function csvOfTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  shown: readonly string[] | null,
): string {
  const written = shownColumns(columns, shown).filter((column) => column.value);
  return csvOf(
    written.map((column) => column.name),
    rows.map((row) => written.map((column) => column.value!(row))),
  );
}

/** The same as a file. */
export function saveTable<Row>(
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  shown: readonly string[] | null,
): void {
  saveText(`${name}.csv`, csvOfTable(rows, columns, shown));
}
