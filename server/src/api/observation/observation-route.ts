import { Router } from 'express';
import { messageOf } from '../../errors.js';
import type { PlatformMetrics } from './platform-metrics.js';

/** A check that does not answer within this has failed. */
const patienceMilliseconds = 2000;

/** Something without which the platform is of no use; rejects with the reason. */
export type Check = () => Promise<unknown>;

/**
 * For whoever runs the platform: `/healthz` (the process lives), `/readyz` (it can answer: every check by name, 503
 * where one fails), `/metrics` (for Prometheus).
 */
export function observationRoute(metrics: PlatformMetrics, checks: Readonly<Record<string, Check>>): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.type('text').send('ok\n'));
  router.get('/readyz', async (_request, response) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await resultOf(check)] as const),
    );
    const ready = results.every(([, result]) => result === 'ok');
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready, checks: Object.fromEntries(results) });
  });
  router.get('/metrics', async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.text());
  });
  return router;
}

async function resultOf(check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${patienceMilliseconds / 1000} s`)),
      patienceMilliseconds,
    );
  });
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
  }
}
