import express, { type Router } from 'express';
import { InvalidInputError, PlatformError } from '../../errors.js';
import { splits } from '../../split.js';
import { csvLine } from '../columns/files/csv-line.js';
import { ComparedLabels } from './run-comparison.js';
import { rightRun, type RunDifferenceService } from './run-difference.service.js';
import type { RunOutcomeService } from './run-outcome.service.js';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404, CONFLICT: 409 };
const head = ['key', 'split', 'labelBefore', 'labelAfter', 'predictionBefore', 'predictionAfter', 'right', 'ambiguity'];

/**
 * `GET /comparisons/run_1/run_2.csv`: every sample that both runs predicted, with labels, predictions and who is right;
 * `?split=TEST`. Errors are JSON, `{ error: { code, message } }`.
 */
export function comparisonRoute(outcomes: RunOutcomeService, differences: RunDifferenceService): Router {
  const router = express.Router();
  router.get('/comparisons/:before/:file', async (request, response, next) => {
    try {
      const after = /^(.+)\.csv$/.exec(String(request.params['file']))?.[1];
      if (!after) throw new InvalidInputError('after', 'a run and .csv, like run_2.csv', request.params['file']);
      const asked = request.query['split'];
      const split = splits.find((one) => one === String(asked).toUpperCase()) ?? null;
      if (asked !== undefined && !split) throw new InvalidInputError('split', splits.join(', '), asked);
      const before = String(request.params['before']);
      const comparison = await outcomes.compare(before, after, split ?? splits[0], ComparedLabels.OWN);
      const samples = await differences.samples(comparison, split);
      const { classes } = comparison;
      const lines = samples.map((sample) =>
        csvLine([
          sample.key,
          sample.split,
          classes[sample.labelBefore],
          classes[sample.labelAfter],
          classes[sample.predictionBefore],
          classes[sample.predictionAfter],
          rightRun(sample),
          sample.ambiguity === null ? '' : String(sample.ambiguity),
        ]),
      );
      response
        .set({ 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' })
        .attachment(`${before}-${after}.csv`)
        .type('text/csv; charset=utf-8')
        .send([csvLine(head), ...lines].join(''));
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      const { code, message } = error as PlatformError;
      response.status(status).json({ error: { code, message } });
    }
  });
  return router;
}
