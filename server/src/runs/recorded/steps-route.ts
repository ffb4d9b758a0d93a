import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Router } from 'express';
import type { DataSource } from 'typeorm';
import { NotFoundError, PlatformError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { TrainingRun } from '../training-run.entity.js';
import { stepsCsv } from './steps-csv.js';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404 };

/** `GET /runs/:run/steps.csv`: losses and range of attention of every step; a header alone where none are kept. */
export function stepsRoute(dataSource: DataSource): Router {
  const router = express.Router();
  router.get('/runs/:run/steps.csv', async (request, response, next) => {
    try {
      const id = request.params['run'];
      const row = rowOf('run', id, 'run');
      if (!(await dataSource.getRepository(TrainingRun).existsBy({ row }))) throw new NotFoundError('Run', id);
      response.set({ 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' });
      response.set('Content-Disposition', `attachment; filename="${id}-steps.csv"`).type('text/csv; charset=utf-8');
      await pipeline(Readable.from(stepsCsv(dataSource.manager, row)), response);
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      // The client has gone: nobody waits for an answer.
      if (response.headersSent) return void response.destroy();
      if (status === undefined) return next(error);
      const { code, message } = error as PlatformError;
      response.status(status).removeHeader('Content-Disposition');
      response.set('Cache-Control', 'no-store').json({ error: { code, message } });
    }
  });
  return router;
}
