import { stat } from 'node:fs/promises';
import express, { type Request, type Response, type Router } from 'express';
import { NotFoundError, PlatformError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { type Picture, pictureReading, pictureVersion } from './image-picture.js';
import { type Reader, readingHere } from '../../untrusted/reading.js';
import type { DataStore } from '../../storage/data-store.js';
import { pathInside } from '../../storage/file-inside.js';
import { imageRootOf } from './image-root.js';
import { checkImageSize, contentVersion } from './image-url.js';
import type { Sample } from '../sample.entity.js';
import type { SampleService } from '../sample.service.js';

/** Of a URL with the hash of the very bytes that were read: what it answers can never be anything else. */
const unchanging = 'public, max-age=31536000, immutable';

/** Of any other URL: the browser asks each time, and is told by the ETag. */
const askAgain = 'no-cache';

/** HTTP statuses of the codes this route answers with. */
const statuses: Readonly<Record<string, number>> = {
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  OTHER_STORE: 404,
  UNREADABLE_IMAGE: 422,
  READING_STOPPED: 422,
};

/**
 * `GET /images/:sampleId`: the image at its own size. `?size=1..512`: a square PNG of that many pixels,
 * stretched as training stretches it. `?v=`: the first
 * digits of the content's hash (see `imageUrl`), which make the answer one for ever. Errors are JSON, `{ error: { code,
 * message } }`:
 * 400 INVALID_INPUT, 404 NOT_FOUND and OTHER_STORE, 422 UNREADABLE_IMAGE.
 */
export function imageRoute(samples: SampleService, store: DataStore | null, reader: Reader = readingHere): Router {
  const router = express.Router();
  router.get('/images/:sampleId', async (request, response, next) => {
    try {
      await answer({ samples, store, reader }, request, response);
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      response.status(status).removeHeader('ETag');
      response
        .set('Cache-Control', 'no-store')
        .json({ error: { code: (error as PlatformError).code, message: (error as PlatformError).message } });
    }
  });
  return router;
}

async function answer(
  { samples, store, reader }: { samples: SampleService; store: DataStore | null; reader: Reader },
  request: Request,
  response: Response,
): Promise<void> {
  const size = requestedSize(request.query['size']);
  const row = rowOf('sample', String(request.params['sampleId']), 'sampleId');
  const sample = requireFound(await samples.byRow(row), 'Sample', String(request.params['sampleId']));
  const file = await fileOf(sample, store);
  const { mtimeMs, size: bytes } = await stat(file);
  const etag = `"${pictureVersion}-${Math.trunc(mtimeMs).toString(36)}-${bytes.toString(36)}-${size ?? 'full'}"`;
  response.set({ ETag: etag, 'Cache-Control': askAgain, 'X-Content-Type-Options': 'nosniff' });
  if (isHeld(request.get('If-None-Match'), etag)) {
    response.status(304).end();
    return;
  }
  const { type, body, contentHash } = await picture(reader, sample, file, size);
  const asked = request.query['v'];
  if (asked !== undefined && asked === contentVersion({ contentHash })) response.set('Cache-Control', unchanging);
  response.type(type).send(body);
}

/**
 * Whether the client has this version. Unlike `request.fresh` also with `Cache-Control: no-cache`, which asks for a
 * check, not for the bytes.
 */
function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some((held) => ['*', etag, `W/${etag}`].includes(held.trim())) ?? false;
}

function requestedSize(given: unknown): number | null {
  if (given === undefined) return null;
  const size = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : Number.NaN;
  return checkImageSize(size, given);
}

/**
 * The real path of the image. @throws NotFoundError when it is missing, or leads out of the data set's directory, by
 * `..` or a symbolic link.
 */
async function fileOf(sample: Sample, store: DataStore | null): Promise<string> {
  const file = await pathInside(imageRootOf(sample.dataset, store), sample.imagePath);
  if (file === null) throw new NotFoundError('The image file of', sample.id);
  return file;
}

async function picture(reader: Reader, sample: Sample, file: string, size: number | null): Promise<Picture> {
  try {
    const read = await reader.ask(pictureReading, { file, size }, { what: `the image of ${sample.id}` });
    // Between processes a Buffer travels as plain bytes.
    return { ...read, body: Buffer.from(read.body) };
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new PlatformError(
      'UNREADABLE_IMAGE',
      `The image of ${sample.id} (${sample.key}) cannot be read: ${reason}.`,
      { sample: sample.id },
    );
  }
}
