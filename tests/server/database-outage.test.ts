import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { expect, test } from 'vitest';
import { isDatabaseOutage } from '../../server/src/database-outage.js';

test.each([
  ['a connection that is refused', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['a server that shuts down', Object.assign(new Error('terminating'), { code: '57P01' })],
  ['a runner whose connection ended before its transaction', new QueryRunnerProviderAlreadyReleasedError()],
  ['the same, asked for another query', new QueryRunnerAlreadyReleasedError()],
])('%s is an outage: the run waits for the database', (_, error) => {
  expect(isDatabaseOutage(error)).toBe(true);
});

test('what the database refuses is none', () => {
  expect(isDatabaseOutage(Object.assign(new Error('duplicate key'), { code: '23505' }))).toBe(false);
});
