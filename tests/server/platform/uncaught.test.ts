import { describe, expect, test } from 'vitest';
import { requestScope } from '../../../server/src/api/request-scope.js';
import { createLogger } from '../../../server/src/logging.js';
import { handleUncaught } from '../../../server/src/platform/uncaught.js';

function handler(): { handle: (error: unknown) => void; log: string[]; ends: string[] } {
  const log: string[] = [];
  const ends: string[] = [];
  const handle = handleUncaught(
    createLogger('debug', (text) => log.push(text)),
    async () => void ends.push('closed'),
    (code) => ends.push(`exit ${code}`),
  );
  return { handle, log, ends };
}

describe('an error that nobody caught', () => {
  test('of a request ends that request, and nothing else', () => {
    const { handle, log, ends } = handler();
    const end = (): void => void ends.push('request ended');
    requestScope.run({ what: 'GET /images/sample_1', end }, () => handle(new TypeError('oops')));
    expect(ends).toEqual(['request ended']);
    expect(log.join('')).toMatch(/GET \/images\/sample_1 failed where nobody caught it[^]*TypeError: oops/);
  });

  test('of nobody knows what closes everything and ends the program', async () => {
    const { handle, log, ends } = handler();
    handle(new TypeError('oops'));
    handle(new TypeError('again'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(ends).toEqual(['closed', 'exit 1']);
    expect(log.join('')).toMatch(/caught nowhere; the platform ends[^]*oops/);
  });

  test('of a database that went away ends nothing: it comes back', () => {
    const { handle, log, ends } = handler();
    handle(new Error('Connection terminated unexpectedly'));
    handle(Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }));
    expect([ends, log.join('')]).toEqual([[], expect.stringMatching(/database went away[^]*database went away/)]);
  });

  test('of a client that left is none', () => {
    const { handle, log, ends } = handler();
    handle(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
    expect([ends, log.join('')]).toEqual([[], expect.stringContaining('a connection ended')]);
  });
});
