import { quoted } from './csv-line.js';
import type { OpenColumnFile } from './column-file.js';
import { type Cell, flatColumns, type FlatColumn, shortest } from './flat-columns.js';
import { textFile } from './text-file.js';

/** RFC 4180 with line feeds: a header, an empty field for what is unknown. */
export const csvFile: OpenColumnFile = async (path, shape) => {
  const columns = flatColumns(shape);
  const line = (fields: readonly string[]): string => `${fields.join(',')}\n`;
  return textFile(path, {
    begin: line(columns.map(({ name }) => quoted(name))),
    lines: (batch) =>
      Array.from({ length: batch.samples }, (_, n) =>
        line(columns.map((column) => field(column.cell(batch, n), column))),
      ).join(''),
    end: '',
  });
};

function field(cell: Cell, { type }: FlatColumn): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return quoted(cell);
  return type === 'real' ? shortest(cell) : String(cell);
}
