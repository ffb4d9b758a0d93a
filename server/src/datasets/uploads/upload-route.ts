import express, { type Router } from 'express';
import { PlatformError } from '../../errors.js';
import type { UploadStore } from './upload-store.js';

/**
 * A browser asks before it sends this type to another origin, and nothing here answers such a question: other pages
 * cannot upload.
 */
const bodyType = 'application/octet-stream';
const statuses: Readonly<Record<string, number>> = { UPLOAD_TOO_LARGE: 413, INVALID_INPUT: 400, UNSUPPORTED_TYPE: 415 };

/**
 * `POST /uploads?name=weights.pth` with the bytes of a file as its body: answers 201 `{ id, fileName, bytes, sha256 }`,
 * whose id a mutation takes.
 * Errors are JSON, `{ error: { code, message } }`: 413 UPLOAD_TOO_LARGE, 415 UNSUPPORTED_TYPE.
 */
export function uploadRoute(uploads: UploadStore): Router {
  const router = express.Router();
  router.post('/uploads', async (request, response, next) => {
    try {
      if (request.headers['content-type'] !== bodyType)
        throw new PlatformError(
          'UNSUPPORTED_TYPE',
          `Expected Content-Type: ${bodyType} and the bytes of one file as the body.`,
        );
      if (Number(request.headers['content-length'] ?? 0) > uploads.limit) throw uploads.tooLarge();
      const name = typeof request.query['name'] === 'string' ? request.query['name'] : 'file';
      response.status(201).json(await uploads.receive(request, name));
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      // What the client still sends would be read as the next request.
      response
        .status(status)
        .set('Connection', 'close')
        .json({ error: { code: (error as PlatformError).code, message: (error as PlatformError).message } });
    }
  });
  return router;
}
