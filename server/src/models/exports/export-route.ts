import express, { type Router } from 'express';
import { InvalidInputError, PlatformError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { publicPath } from '../../graphql/public-path.js';
import type { ModelService } from '../model.service.js';
import { ExportFormat, exportNames, formatOfSlug } from './export-format.js';
import type { ExportService } from './export.service.js';

const statuses: Readonly<Record<string, number>> = {
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  NOT_A_NETWORK: 409,
  CHECKPOINT_FORMAT: 410,
};

/** Where a client gets the file. */
export const exportUrl = (checkpointId: string, format: ExportFormat): string =>
  publicPath(`/checkpoints/${checkpointId}/${exportNames[format].slug}`);

/**
 * `GET /checkpoints/:id/:format`, format one of safetensors, pytorch, onnx-nhwc, onnx-nchw: the file, with its SHA-256
 * as ETag and Repr-Digest, in
 * ranges where asked. Errors are JSON, `{ error: { code, message } }`: 400 INVALID_INPUT, 404 NOT_FOUND, 409
 * NOT_A_NETWORK, 410 CHECKPOINT_FORMAT.
 */
export function exportRoute(models: ModelService, exports: ExportService): Router {
  const router = express.Router();
  router.get('/checkpoints/:id/:format', async (request, response, next) => {
    try {
      const { id, format: slug } = request.params;
      const format = formatOfSlug(slug!);
      if (!format)
        throw new InvalidInputError(
          'format',
          Object.values(ExportFormat)
            .map((one) => exportNames[one].slug)
            .join(', '),
          slug,
        );
      const checkpoint = requireFound(await models.checkpointWithModel(rowOf('checkpoint', id!)), 'Checkpoint', id!);
      const file = await exports.export(checkpoint, format);
      response.set({
        ETag: `"${file.sha256}"`,
        'Repr-Digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
        // A checkpoint of a running training is another one after the next epoch.
        'Cache-Control': 'no-cache',
        'X-Content-Type-Options': 'nosniff',
      });
      // Not `request.fresh`: a client that sends no-cache asks for a check, not for the bytes.
      if (request.get('If-None-Match')?.includes(file.sha256)) return void response.status(304).end();
      response
        .type('application/octet-stream')
        .download(
          file.path,
          file.fileName,
          { etag: false, dotfiles: 'allow' },
          (error) => error && !response.headersSent && next(error),
        );
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      response
        .status(status)
        .json({ error: { code: (error as PlatformError).code, message: (error as PlatformError).message } });
    }
  });
  return router;
}
