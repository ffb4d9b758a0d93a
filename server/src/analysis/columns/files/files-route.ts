import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type Response, type Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { InvalidInputError, NotFoundError, PlatformError } from '../../../errors.js';
import { rowOf } from '../../../graphql/global-id.js';
import type { ColumnService } from '../column.service.js';
import { parseColumns } from '../columns-url.js';
import { parseFilter } from '../parse-filter.js';
import { exportColumns } from './export-columns.js';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404 };
const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  arrow: 'application/vnd.apache.arrow.file',
  parquet: 'application/vnd.apache.parquet',
};

/**
 * `GET /files/:run/epochs/:epoch.parquet` (or csv, arrow, json): the same columns as a file to keep. Parameters
 * `columns` and `filter` as of `/columns`. Written whole before it is sent, so that half a file is never taken for one.
 */
export function columnFilesRoute(service: ColumnService, schema: GraphQLSchema): Router {
  const router = express.Router();
  router.get('/files/:run/epochs/:file', async (request, response, next) => {
    try {
      await answer(service, schema, request, response);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      const { code, message } = error as PlatformError;
      response.status(status).set('Cache-Control', 'no-store').json({ error: { code, message } });
    }
  });
  return router;
}

async function answer(
  service: ColumnService,
  schema: GraphQLSchema,
  request: Request,
  response: Response,
): Promise<void> {
  const run = String(request.params['run']);
  const [, epoch, format] = /^(\d{1,9})\.(csv|json|arrow|parquet)$/.exec(String(request.params['file'])) ?? [];
  if (!epoch || !format)
    throw new InvalidInputError('file', 'a number and .csv, .json, .arrow or .parquet', request.params['file']);
  const text = (name: string): string | null => {
    const value = request.query[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const reading = await service.open(rowOf('run', run, 'run'), {
    epoch: Number(epoch),
    filter: parseFilter(text('filter'), schema),
    columns: parseColumns(text('columns')),
    from: 0,
    to: null,
  });
  if (!reading) throw new NotFoundError('Epoch', epoch);
  const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-file-'));
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  try {
    const file = path.join(directory, `columns.${format}`);
    await exportColumns(reading, { format, file, force: false, signal: gone.signal, onProgress: () => undefined });
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    response.attachment(`${run}-epoch-${epoch}.${format}`).type(mediaTypes[format]!);
    await pipeline(createReadStream(file), response);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
