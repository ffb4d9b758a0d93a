import { describe, expect, test } from 'vitest';
import { csvOf } from '../../../web/src/theme/csv.js';
import { shownColumns, sortRows, type Column } from '../../../web/src/theme/data-table.js';

interface Row {
  name: string;
  accuracy: number | null;
}
const columns: Column<Row>[] = [
  { key: 'name', name: 'Name', cell: ({ name }) => name, value: ({ name }) => name, fixed: true },
  { key: 'accuracy', name: 'Accuracy', cell: () => null, value: ({ accuracy }) => accuracy, number: true },
  { key: 'note', name: 'Note', cell: () => null, optional: true },
];
const rows: Row[] = [
  { name: 'run 10', accuracy: 0.5 },
  { name: 'run 2', accuracy: null },
  { name: 'run 1', accuracy: 0.9 },
];
const names = (sorted: readonly Row[]): string[] => sorted.map(({ name }) => name);

describe('a table', () => {
  test('sorts numbers in names as numbers, and puts what is missing last both ways', () => {
    expect(names(sortRows(rows, columns, { key: 'name', descending: false }))).toEqual(['run 1', 'run 2', 'run 10']);
    expect(names(sortRows(rows, columns, { key: 'accuracy', descending: true }))).toEqual(['run 1', 'run 10', 'run 2']);
    expect(names(sortRows(rows, columns, { key: 'accuracy', descending: false }))).toEqual([
      'run 10',
      'run 1',
      'run 2',
    ]);
    expect(sortRows(rows, columns, null)).toBe(rows);
  });

  test('shows what was chosen, and always what names the row', () => {
    expect(shownColumns(columns, null).map(({ key }) => key)).toEqual(['name', 'accuracy']);
    expect(shownColumns(columns, ['note']).map(({ key }) => key)).toEqual(['name', 'note']);
  });

  test('writes files that sheets read as text, formulas included', () => {
    expect(csvOf(['a "b"', 'c'], [['=SUM(1)', -1.5]])).toBe('\ufeff"a ""b""",c\r\n\'=SUM(1),-1.5\r\n');
  });
});
