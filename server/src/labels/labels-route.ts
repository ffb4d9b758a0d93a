import express, { type Router } from 'express';
import { PlatformError } from '../errors.js';
import type { LabelTables } from './label-tables.js';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404 };

/** `GET /labels/labelset_3.csv`: a label set, for a training loop elsewhere. Errors are JSON, `{ error: { code, message } }`. */
export function labelsRoute(tables: LabelTables): Router {
  const router = express.Router();
  router.get('/labels/:file', async (request, response, next) => {
    try {
      const { fileName, text } = await tables.csv(String(request.params['file']).replace(/\.csv$/, ''));
      response
        .set({ 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' })
        .attachment(fileName)
        .type('text/csv; charset=utf-8')
        .send(text);
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      const { code, message } = error as PlatformError;
      response.status(status).json({ error: { code, message } });
    }
  });
  return router;
}
