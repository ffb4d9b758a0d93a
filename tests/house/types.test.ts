import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the tests have the types of what they test: a renamed function or a field that may be null is found here', () => {
  const checked = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tests', '--pretty', 'false'], {
    encoding: 'utf8',
  });
  expect([checked.status, checked.stdout]).toEqual([0, '']);
}, 120_000);
