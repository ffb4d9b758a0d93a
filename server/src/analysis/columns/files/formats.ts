import { arrowFile } from './arrow-file.js';
import type { OpenColumnFile } from './column-file.js';
import { csvFile } from './csv-file.js';
import { jsonFile } from './json-file.js';
import { npzFile } from './npz-file.js';
import { parquetFile } from './parquet-file.js';

/** Every format of an export: a new one is a line here. */
export const columnFiles: Readonly<Record<string, OpenColumnFile>> = {
  csv: csvFile,
  parquet: parquetFile,
  arrow: arrowFile,
  json: jsonFile,
  npz: npzFile,
};
