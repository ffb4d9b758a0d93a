import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { InvalidInputError, PlatformError } from '../../errors.js';
import type { UploadStore } from './upload-store.js';

/**
 * A browser asks before it sends this type to another origin, and nothing here answers such a question: other pages
 * cannot upload.
 */
const bodyType = 'application/octet-stream';
const statuses: Readonly<Record<string, number>> = {
  UPLOAD_TOO_LARGE: 413,
  INVALID_INPUT: 400,
  UNSUPPORTED_TYPE: 415,
  UPLOAD_OFFSET: 409,
  NOT_FOUND: 404,
  UPLOAD_QUOTA: 507,
  DISK_FULL: 507,
};

/**
 * `POST /uploads?name=weights.pth` with the bytes of a file as its body: answers 201 `{ id, fileName, bytes, sha256 }`,
 * whose id a mutation takes. A file that is to go on where it breaks off is sent in pieces: the same address with the
 * header `Upload-Length` and no body answers 201 `{ id, offset, length }`; `PATCH /uploads/<id>` with `Upload-Offset`
 * takes a piece, 200 with the offset, or with the upload once it is whole; `HEAD /uploads/<id>` says `Upload-Offset`.
 * Errors are JSON, `{ error: { code, message } }`: 404, 409 UPLOAD_OFFSET, 413 UPLOAD_TOO_LARGE, 415 UNSUPPORTED_TYPE,
 * 507 UPLOAD_QUOTA or DISK_FULL.
 */
export function uploadRoute(uploads: UploadStore): Router {
  const router = express.Router();
  router.post(
    '/uploads',
    answered(async (request, response) => {
      const whole = request.get('Upload-Length');
      const name = typeof request.query['name'] === 'string' ? request.query['name'] : 'file';
      if (whole !== undefined) {
        response.status(201).json(await uploads.inPieces.begin(name, bytesIn(whole, 'Upload-Length')));
        return;
      }
      checkType(request);
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > uploads.limit) throw uploads.tooLarge();
      response.status(201).json(await uploads.receive(request, name, announced));
    }),
  );
  router.patch(
    '/uploads/:id',
    answered(async (request, response) => {
      checkType(request);
      const offset = bytesIn(request.get('Upload-Offset') ?? '', 'Upload-Offset');
      response.json(await uploads.inPieces.append(String(request.params['id']), offset, request));
    }),
  );
  router.head(
    '/uploads/:id',
    answered(async (request, response) => {
      const { offset, length } = await uploads.inPieces.progress(String(request.params['id']));
      response
        .set({ 'Upload-Offset': String(offset), 'Upload-Length': String(length), 'Cache-Control': 'no-store' })
        .end();
    }),
  );
  return router;
}

type Handler = (request: Request, response: Response) => Promise<void>;

function answered(handler: Handler): RequestHandler {
  return (request, response, next) => {
    handler(request, response).catch((error: unknown) => {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      // A client that left has nothing to be told, and nothing is wrong.
      if (status === undefined) return request.readableAborted ? undefined : next(error);
      const { code, message, details } = error as PlatformError;
      // What the client still sends would be read as the next request.
      response.status(status).set('Connection', 'close');
      response.json({ error: { code, message, ...(code === 'UPLOAD_OFFSET' && details) } });
    });
  };
}

function checkType(request: Request): void {
  if (request.headers['content-type'] === bodyType) return;
  const message = `Expected Content-Type: ${bodyType} and the bytes of one file as the body.`;
  throw new PlatformError('UNSUPPORTED_TYPE', message);
}

function bytesIn(text: string, header: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidInputError(header, 'a number of bytes', text);
  return Number(text);
}
