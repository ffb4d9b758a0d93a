import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type Response, type Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { InvalidInputError, PlatformError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { ArrowEncoder, arrowMediaType } from './arrow.js';
import type { ColumnService } from './column.service.js';
import { parseFilter } from './parse-filter.js';
import { filterText, parseColumns } from './columns-url.js';

/** Changes when the same question would give other bytes. */
const streamVersion = 2;

/** What an epoch says never changes, and its row is part of the ETag. */
const cacheControl = 'public, max-age=31536000, immutable';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404 };

/**
 * `GET /columns/:run/epochs/:epoch.arrow`: an Arrow IPC stream, in batches as they are read. Parameters: `columns`
 * (names with commas between),
 * `filter` (an AnalysisFilter as JSON), `from` and `to` (places among the samples that meet it). 304 for a known ETag;
 * errors are JSON,
 * `{ error: { code, message } }`: 400 INVALID_INPUT, 404 NOT_FOUND. `schema` says what a filter is.
 */
export function columnsRoute(service: ColumnService, schema: GraphQLSchema): Router {
  const router = express.Router();
  router.get('/columns/:run/epochs/:file', async (request, response, next) => {
    try {
      await answer(service, schema, request, response);
    } catch (error) {
      if (response.headersSent) {
        // The client has gone, or the end is missing: it must not look whole.
        response.destroy();
        if (
          response.errored === null &&
          !(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')
        )
          next(error);
        return;
      }
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      const { code, message, details } = error as PlatformError;
      response
        .status(status)
        .set('Cache-Control', 'no-store')
        .json({ error: { code, message, ...(details['path'] !== undefined && { path: details['path'] }) } });
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
  const runRow = rowOf('run', String(request.params['run']), 'run');
  const epoch = /^(\d{1,9})\.arrow$/.exec(String(request.params['file']))?.[1];
  if (!epoch) throw new InvalidInputError('epoch', 'a number and .arrow, like 3.arrow', request.params['file']);
  checkParameters(request.query);
  const columns = parseColumns(textParameter(request, 'columns'));
  const filter = parseFilter(textParameter(request, 'filter'), schema);
  const question = {
    epoch: Number(epoch),
    filter,
    columns,
    from: numberParameter(request, 'from') ?? 0,
    to: numberParameter(request, 'to'),
  };
  const reading = await service.open(runRow, question);
  const epochRow = await service.epochRow(runRow, Number(epoch));
  if (!reading) throw new Error(`Run ${runRow} has epoch ${epoch} but no newest epoch.`);
  const identity = [streamVersion, epochRow, columns, filterText(filter), question.from, question.to];
  const etag = `"${createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 27)}"`;
  response.set({ 'Cache-Control': cacheControl, ETag: etag, 'X-Content-Type-Options': 'nosniff' });
  if (
    request
      .get('If-None-Match')
      ?.split(',')
      .some((held) => ['*', etag, `W/${etag}`].includes(held.trim()))
  ) {
    response.status(304).end();
    return;
  }
  response.type(arrowMediaType);
  if (request.method === 'HEAD') return void response.end();
  const encoder = new ArrowEncoder(reading.schema, { run: reading.run.id, epoch });
  await pipeline(Readable.from(encoder.stream(reading.batches()), { objectMode: false, highWaterMark: 1 }), response);
}

function checkParameters(query: Request['query']): void {
  const known = ['columns', 'filter', 'from', 'to'];
  const unknown = Object.keys(query).find((name) => !known.includes(name));
  if (unknown) throw new InvalidInputError(unknown, `one of the parameters ${known.join(', ')}`, unknown);
}

function textParameter(request: Request, name: string): string | null {
  const value = request.query[name];
  if (value === undefined) return null;
  if (typeof value !== 'string') throw new InvalidInputError(name, 'a single value', value);
  return value;
}

function numberParameter(request: Request, name: string): number | null {
  const text = textParameter(request, name);
  if (text === null) return null;
  if (!/^\d{1,10}$/.test(text)) throw new InvalidInputError(name, 'a place from 0 on', text);
  return Number(text);
}
