import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type Response, type Router } from 'express';
import type { GraphQLSchema } from 'graphql';
import { InvalidInputError, PlatformError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { splits, type Split } from '../../split.js';
import { ArrowEncoder, arrowMediaType } from './arrow.js';
import { isEmbedding } from './column.js';
import type { ColumnSource } from './column-batch.js';
import type { ColumnService } from './column.service.js';
import { exportColumns } from './files/export-columns.js';
import type { columnFiles } from './files/formats.js';
import { Npz } from './files/npz-file.js';
import { parseFilter } from './parse-filter.js';
import { filterText, parseColumns, runColumns } from './columns-url.js';

/** Changes when the same question would give other bytes. */
const streamVersion = 4;

/** What an epoch of our own says never changes, and its row is part of the ETag. */
const unchanging = 'public, max-age=31536000, immutable';
/** A recorded run may say more: the client asks each time, and is told by the ETag. */
const askAgain = 'no-cache';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404 };

type Format = 'arrow' | keyof typeof columnFiles;
const mediaTypes: Readonly<Record<string, string>> = {
  arrow: arrowMediaType,
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  npz: 'application/zip',
};
const formats = Object.keys(mediaTypes);

/**
 * `GET /columns/:run/epochs/:epoch.:format`: the columns of one epoch; `GET /columns/:run.:format`: those of every
 * epoch. Formats: arrow (an IPC stream, in batches as they are read), parquet, csv, json, npz. Parameters: `columns`
 * (names with commas between), `split`; of one epoch also `filter` (an AnalysisFilter as JSON), `from` and `to` (places
 * among the samples that meet it). 304 for a known ETag; errors are JSON, `{ error: { code, message } }`: 400
 * INVALID_INPUT, 404 NOT_FOUND. `schema` says what a filter is.
 */
export function columnsRoute(service: ColumnService, schema: GraphQLSchema): Router {
  const router = express.Router();
  const answered =
    (question: (request: Request) => Promise<Answer>) =>
    async (request: Request, response: Response, next: (error: unknown) => void): Promise<void> => {
      try {
        await send(await question(request), request, response);
      } catch (error) {
        refuse(error, response, next);
      }
    };
  router.get(
    '/columns/:run/epochs/:file',
    answered((request) => ofEpoch(service, schema, request)),
  );
  router.get(
    '/columns/:file',
    answered((request) => ofRun(service, request)),
  );
  return router;
}

interface Answer {
  source: ColumnSource;
  format: Format;
  /** All that the bytes follow from. */
  identity: readonly unknown[];
  unchanging: boolean;
}

async function ofEpoch(service: ColumnService, schema: GraphQLSchema, request: Request): Promise<Answer> {
  const runRow = rowOf('run', String(request.params['run']), 'run');
  const found = /^(\d{1,9})\.([a-z]+)$/.exec(String(request.params['file']));
  if (!found) throw new InvalidInputError('epoch', 'a number and a format, like 3.arrow', request.params['file']);
  const [epoch, format] = [Number(found[1]), formatNamed(found[2])];
  checkParameters(request.query, ['columns', 'split', 'filter', 'from', 'to']);
  const columns = parseColumns(textParameter(request, 'columns'));
  const split = splitParameter(request);
  const given = parseFilter(textParameter(request, 'filter'), schema);
  const filter = split ? ({ and: [{ split }, given] } as typeof given) : given;
  const question = {
    epoch,
    filter,
    columns,
    from: numberParameter(request, 'from') ?? 0,
    to: numberParameter(request, 'to'),
  };
  const source = await service.open(runRow, question);
  const epochRow = await service.epochRow(runRow, epoch);
  if (!source) throw new Error(`Run ${runRow} has epoch ${epoch} but no newest epoch.`);
  const recorded = await service.recordedContent(runRow);
  const embedded = columns.some(isEmbedding);
  const embedding = embedded ? await service.embeddingOf(runRow, epoch) : null;
  const identity = [format, epochRow, recorded, columns, filterText(filter), question.from, question.to, embedding];
  return { source, format, identity, unchanging: recorded === null && !embedded };
}

async function ofRun(service: ColumnService, request: Request): Promise<Answer> {
  const found = /^(.+)\.([a-z]+)$/.exec(String(request.params['file']));
  if (!found) throw new InvalidInputError('run', 'a run and a format, like run_1.parquet', request.params['file']);
  const [runRow, format] = [rowOf('run', found[1], 'run'), formatNamed(found[2])];
  checkParameters(request.query, ['columns', 'split']);
  const text = textParameter(request, 'columns');
  const columns = text === null ? runColumns : parseColumns(text);
  const split = splitParameter(request);
  const source = await service.openRun(runRow, columns, split);
  const [recorded, newest] = [await service.recordedContent(runRow), await service.newestEpoch(runRow)];
  const newestRow = newest === null ? null : await service.epochRow(runRow, newest);
  return { source, format, identity: [format, runRow, newestRow, recorded, columns, split], unchanging: false };
}

async function send(answer: Answer, request: Request, response: Response): Promise<void> {
  const { source, format } = answer;
  const text = JSON.stringify([streamVersion, ...answer.identity]);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  const cacheControl = answer.unchanging ? unchanging : askAgain;
  response.set({ 'Cache-Control': cacheControl, ETag: etag, 'X-Content-Type-Options': 'nosniff' });
  const held = request.get('If-None-Match')?.split(',') ?? [];
  if (held.some((one) => ['*', etag, `W/${etag}`].includes(one.trim()))) return void response.status(304).end();
  response.type(mediaTypes[format]);
  if (request.method === 'HEAD') return void response.end();
  if (format === 'npz') return sendNpz(source, response);
  if (format !== 'arrow') return sendFile(source, format, response);
  const encoder = new ArrowEncoder(source.schema, source.facts);
  await pipeline(Readable.from(encoder.stream(source.batches()), { objectMode: false, highWaterMark: 1 }), response);
}

/** Arrays are put together in memory, and need no file. */
async function sendNpz(source: ColumnSource, response: Response): Promise<void> {
  const npz = new Npz(source.schema);
  for await (const batch of source.batches()) {
    if (response.destroyed) return;
    npz.add(batch);
  }
  const parts = npz.parts();
  response.set('Content-Length', String(parts.reduce((sum, part) => sum + part.length, 0)));
  await pipeline(Readable.from(parts, { objectMode: false }), response);
}

/** Formats that are written whole: into a file first, so that an error is an answer and not a broken one. */
async function sendFile(source: ColumnSource, format: Format, response: Response): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'columns-'));
  const stop = new AbortController();
  response.once('close', () => stop.abort());
  try {
    const file = path.join(folder, `columns.${format}`);
    await exportColumns(source, { format, file, force: false, signal: stop.signal, onProgress: () => undefined });
    await new Promise<void>((resolve, reject) => {
      response.sendFile(file, { etag: false, cacheControl: false, lastModified: false }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuse(error: unknown, response: Response, next: (error: unknown) => void): void {
  if (response.headersSent) {
    // The client has gone, or the end is missing: it must not look whole.
    response.destroy();
    const gone = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (response.errored === null && !gone) next(error);
    return;
  }
  if (response.destroyed) return;
  const status = error instanceof PlatformError ? statuses[error.code] : undefined;
  if (status === undefined) return next(error);
  const { code, message, details } = error as PlatformError;
  response.status(status).removeHeader('ETag');
  response
    .set('Cache-Control', 'no-store')
    .json({ error: { code, message, ...(details['path'] !== undefined && { path: details['path'] }) } });
}

function formatNamed(name: string): Format {
  if (!formats.includes(name)) throw new InvalidInputError('format', formats.join(', '), name);
  return name;
}

function splitParameter(request: Request): Split | null {
  const text = textParameter(request, 'split');
  const found = splits.find((split) => split === text?.toUpperCase());
  if (text !== null && !found) throw new InvalidInputError('split', splits.join(', '), text);
  return found ?? null;
}

function checkParameters(query: Request['query'], known: readonly string[]): void {
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
