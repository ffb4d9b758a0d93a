import express, { type Router } from 'express';
import { InvalidInputError, PlatformError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { splits } from '../../split.js';
import { csvLine } from '../columns/files/csv-line.js';
import type { FusedOtherwise } from './fuse-otherwise.js';
import type { FusionInputs } from './fusion-inputs.js';
import type { WhatIfInput } from './what-if-types.js';
import type { WhatIfQuestion, WhatIfService } from './what-if.service.js';

const statuses: Readonly<Record<string, number>> = { INVALID_INPUT: 400, NOT_FOUND: 404, CONFLICT: 409 };
const linesPerPart = 4096;

/**
 * `GET /what-if/run_1.csv?split=TRAIN&epoch=3&input={"threshold":0.5}`: how every sample would be fused, one line each.
 * Errors are JSON, `{ error: { code, message } }`.
 */
export function whatIfRoute(service: WhatIfService): Router {
  const router = express.Router();
  router.get('/what-if/:file', async (request, response, next) => {
    try {
      const id = /^(.+)\.csv$/.exec(String(request.params['file']))?.[1];
      if (!id) throw new InvalidInputError('run', 'a run and .csv, like run_2.csv', request.params['file']);
      const run = await service.run(rowOf('run', id, 'run'));
      const found = requireFound(await service.fuse(run, readQuestion(request.query)), 'An epoch of', id);
      response
        .set({ 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' })
        .attachment(`${id}-what-if.csv`)
        .type('text/csv; charset=utf-8');
      for (const part of csvParts(found.inputs, found.otherwise, await service.keys(found.inputs)))
        response.write(part);
      response.end();
    } catch (error) {
      const status = error instanceof PlatformError ? statuses[error.code] : undefined;
      if (status === undefined) return next(error);
      const { code, message } = error as PlatformError;
      response.status(status).json({ error: { code, message } });
    }
  });
  return router;
}

function readQuestion(query: Record<string, unknown>): WhatIfQuestion {
  const { split: wanted = 'TRAIN', epoch = null, input = '{}' } = query;
  const split = splits.find((one) => one === wanted);
  if (!split) throw new InvalidInputError('split', splits.join(', '), wanted);
  if (epoch !== null && !/^[1-9]\d{0,8}$/.test(String(epoch)))
    throw new InvalidInputError('epoch', 'a whole number from 1', epoch);
  try {
    const parsed = JSON.parse(String(input)) as unknown;
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new SyntaxError();
    return { split, epoch: epoch === null ? null : Number(epoch), input: parsed as WhatIfInput };
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidInputError('input', 'JSON of a WhatIfInput', input);
    throw error;
  }
}

function* csvParts(
  { run, outputs, recorded }: FusionInputs,
  { fused }: FusedOtherwise,
  keys: readonly string[],
): Generator<string> {
  const { classes } = run.dataset;
  const shown = (value: number): string => (Number.isNaN(value) ? '' : String(value));
  yield csvLine([
    'key',
    'givenLabel',
    'recordedClass',
    'class',
    'fusionWeight',
    'entropy',
    'votesKl',
    ...classes.map((name) => `fused ${name}`),
  ]);
  for (let first = 0; first < keys.length; first += linesPerPart) {
    const lines = keys.slice(first, first + linesPerPart).map((key, place) => {
      const n = first + place;
      return csvLine([
        key,
        classes[outputs.labels[n]],
        classes[recorded.classes[n]] ?? '',
        classes[fused.classes[n]] ?? '',
        shown(fused.weights[n]),
        shown(fused.entropies[n]),
        shown(fused.votesKl[n]),
        ...Array.from(fused.distributions.subarray(n * classes.length, (n + 1) * classes.length), shown),
      ]);
    });
    yield lines.join('');
  }
}
