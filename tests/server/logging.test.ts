import { expect, test } from 'vitest';
import { createJsonLogger, createLogger, logScope, stages } from '../../server/src/logging.js';

const noon = (): Date => new Date('2026-01-02T12:00:00Z');

test('a line has time, level and text; an error adds its stack', () => {
  const written: string[] = [];
  const log = createLogger('debug', (text) => written.push(text), noon);
  log.warn('watch out');
  log.error('broken', new Error('why'));
  expect(written[0]).toBe('12:00:00 warn  watch out\n');
  expect(written[1]).toMatch(/^12:00:00 error broken\nError: why\n {4}at /);
});

test('what is below the level is not written', () => {
  const written: string[] = [];
  for (const level of ['warn', 'silent'] as const) {
    const log = createLogger(level, (text) => written.push(`${level} ${text}`), noon);
    log.debug('1');
    log.info('2');
    log.warn('3');
    log.error('4');
  }
  expect(written).toEqual(['warn 12:00:00 warn  3\n', 'warn 12:00:00 error 4\n']);
});

test('a stage is logged with its seconds when it is done, and not when it fails', async () => {
  const written: string[] = [];
  const stage = stages(createLogger('info', (text) => written.push(text), noon));
  expect(await stage('tables', async () => 7)).toBe(7);
  await expect(stage('dashboard', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(written).toEqual([expect.stringMatching(/^12:00:00 info {2}tables \(0\.0 s\)\n$/)]);
});

test('as JSON a line is one object, with what the scope says and the stack of an error', async () => {
  const written: string[] = [];
  const log = createJsonLogger('info', (text) => written.push(text));
  log.debug('not this');
  logScope.run({ requestId: 'r-1' }, () => log.error('broken\nin two lines', new Error('why')));
  log.info('fine');
  const [broken, fine, ...others] = written.map((text) => JSON.parse(text) as Record<string, unknown>);
  expect(others).toEqual([]);
  expect(written.map((text) => text.split('\n').length)).toEqual([2, 2]);
  expect(broken).toMatchObject({ level: 'error', msg: 'broken\nin two lines', requestId: 'r-1' });
  expect(broken!['error']).toMatchObject({ message: 'why', stack: expect.stringMatching(/^Error: why\n {4}at /) });
  expect(fine).toEqual({ level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), msg: 'fine' });
});

test('neither passwords of addresses nor tokens are written', () => {
  const written: string[] = [];
  for (const log of [
    createLogger('info', (text) => written.push(text)),
    createJsonLogger('info', (text) => written.push(text)),
  ])
    log.warn('postgres://ada:s3cret!@db:5432/x refused Bearer abcdef123456 and adadf_Zm9vYmFyYmF6');
  expect(written.join()).not.toMatch(/s3cret|abcdef123456|Zm9vYmFyYmF6/);
  expect(written[0]).toContain('postgres://ada:***@db:5432/x refused Bearer *** and adadf_***');
});
