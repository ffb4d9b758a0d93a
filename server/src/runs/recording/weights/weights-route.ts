import express, { type Router } from 'express';
import { PlatformError } from '../../../errors.js';
import type { WeightsService } from './weights.service.js';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404 };

/**
 * `GET /weights/:id`: a file that was attached to a recorded run, as it was sent, with its SHA-256 as ETag. Errors are
 * JSON, `{ error: { code, message } }`: 400 INVALID_INPUT, 404 NOT_FOUND, 410 where the file lies elsewhere.
 */
export function weightsRoute(service: WeightsService): Router {
  const router = express.Router();
  router.get('/weights/:id', async (request, response, next) => {
    try {
      const { weights, path } = await service.file(String(request.params['id']));
      response.set({
        ETag: `"${weights.sha256}"`,
        'Cache-Control': 'private, max-age=31536000, immutable',
        'X-Content-Type-Options': 'nosniff',
      });
      response
        .type('application/octet-stream')
        .download(
          path,
          weights.fileName,
          { etag: false, cacheControl: false, dotfiles: 'allow' },
          (error) => error && !response.headersSent && next(error),
        );
    } catch (error) {
      if (!(error instanceof PlatformError)) return next(error);
      const { code, message } = error;
      response.status(statuses[code] ?? 410).json({ error: { code, message } });
    }
  });
  return router;
}
