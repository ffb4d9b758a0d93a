import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { InvalidInputError, PlatformError } from '../../errors.js';
import { splits, type Split } from '../../split.js';
import type { RecordedPart } from './recorded-part.entity.js';
import type { RecordingService } from './recording.service.js';

const statuses: Readonly<Record<string, number>> = {
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  UPLOAD_TOO_LARGE: 413,
};
/** Of what is said of an epoch as a whole: class distributions of a thousand classes. */
const mostFactsBytes = 32 * 1024 * 1024;

/**
 * `PUT /runs/:run/epochs/:epoch/:split` with JSON lines, Arrow, Parquet or .npz: what a recorded run said of a split
 * after an epoch. 201 where it is new, 200 where the same was there. `PUT /runs/:run/epochs/:epoch` with JSON: what is
 * said of the epoch as a whole. `POST /runs/:run/files?name=dynamics_epoch_3.jsonl&split=TRAIN`: a file as another tool
 * wrote it. `GET /runs/:run/epochs`: what was accepted. Browsers ask before they PUT to another
 * origin, and nothing here answers such a question. Errors are JSON, `{ error: { code, message, row, key } }`.
 */
export function recordingRoute(recordings: RecordingService): Router {
  const router = express.Router();
  const answered =
    (answer: (request: Request, response: Response) => Promise<void>) =>
    async (request: Request, response: Response, next: (error: unknown) => void): Promise<void> => {
      try {
        await answer(request, response);
      } catch (error) {
        refuse(error, response, next);
      }
    };
  router.put(
    '/runs/:run/epochs/:epoch/:split',
    answered(async (request, response) => {
      const answer = await recordings.put(
        String(request.params['run']),
        numberIn(request.params['epoch']),
        splitNamed(request.params['split']),
        request,
        request.query['replace'] === 'true',
      );
      response.status(answer.state === 'ALREADY_RECORDED' ? 200 : 201).json(answer);
    }),
  );
  router.put(
    '/runs/:run/epochs/:epoch',
    express.json({ limit: mostFactsBytes, type: () => true }),
    answered(async (request, response) => {
      response.json(
        await recordings.putFacts(String(request.params['run']), numberIn(request.params['epoch']), request.body),
      );
    }),
  );
  router.post(
    '/runs/:run/files',
    answered(async (request, response) => {
      if (request.headers['content-type'] !== 'application/octet-stream')
        throw new InvalidInputError('Content-Type', 'application/octet-stream', request.headers['content-type']);
      const { name, split, epoch } = request.query;
      if (typeof name !== 'string') throw new InvalidInputError('name', 'the name of the file', name);
      const of = epoch === undefined ? null : numberIn(epoch);
      const run = String(request.params['run']);
      response.status(201).json(await recordings.putFile(run, name, splitNamed(split), request, of));
    }),
  );
  router.get(
    '/runs/:run/epochs',
    answered(async (request, response) => {
      const run = await recordings.recordedRun(recordings.manager, String(request.params['run']));
      response.json((await recordings.parts(run.row)).map(shown));
    }),
  );
  // What is no JSON at all, or too long, comes here from the reader of bodies.
  router.use('/runs', (error: Error, _request: Request, response: Response, next: NextFunction) =>
    refuse(error, response, next),
  );
  return router;
}

function shown({ epoch, split, bodySha256, samples, missing, columns }: RecordedPart): Record<string, unknown> {
  return { epoch, split, sha256: bodySha256, samples, missing, columns };
}

function refuse(error: unknown, response: Response, next: (error: unknown) => void): void {
  if (error instanceof SyntaxError) {
    const message = `body: expected a JSON object with what is said of the epoch (${error.message}).`;
    return void response.status(400).json({ error: { code: 'INVALID_INPUT', message } });
  }
  const status = error instanceof PlatformError ? statuses[error.code] : undefined;
  if (status === undefined || response.headersSent) return next(error);
  const { code, message, details } = error as PlatformError;
  // What the client still sends would be read as the next request.
  response
    .status(status)
    .set('Connection', 'close')
    .json({ error: { code, message, row: details['row'] ?? null, key: details['key'] ?? null } });
}

function numberIn(value: unknown): number {
  const text = String(value);
  if (!/^\d{1,9}$/.test(text)) throw new InvalidInputError('epoch', 'a whole number from 1 on', value);
  return Number(text);
}

function splitNamed(value: unknown): Split {
  const found = splits.find((split) => split === String(value).toUpperCase());
  if (!found) throw new InvalidInputError('split', splits.join(', '), value);
  return found;
}
