import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { benchFuzz } from '../../server/src/bench/fuzz/bench-fuzz.js';

const reader = path.resolve('dist/server/src/bench/fuzz/fuzz-reader.js');

/** `npm test` builds before it tests; 10,000 of them: `npm run bench -- fuzz`. */
describe.skipIf(!existsSync(reader))('mutated inputs', () => {
  test('of every kind are read or refused: no crash, no hang, no gigabyte, no file outside', async () => {
    const lines: string[] = [];
    const sound = await benchFuzz({
      count: 150,
      seed: 2026,
      reader,
      fixtures: 'tests/fixtures/pytorch',
      print: (line) => lines.push(line),
    });
    expect(sound, lines.join('\n')).toBe(true);
  }, 180_000);
});
