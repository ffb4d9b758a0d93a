import { expect, test } from 'vitest';
import { formatPiles, inUnits } from '../../../server/src/commands/tidy.js';

test('piles are told a line each, with what went and the rule, or why they were not tidied', () => {
  const pile = { rule: 'for 1 day', things: 3, bytes: 2048, goneThings: 0, goneBytes: 0, trouble: null };
  const text = formatPiles(
    [
      { ...pile, name: 'uploads' },
      { ...pile, name: 'images', goneThings: 2, goneBytes: 1024, trouble: 'the disk is away' },
    ],
    true,
  );
  expect(text.split('\n')).toEqual([
    '         there           would go',
    'uploads      3  2.0 KiB               kept for 1 day',
    'images       3  2.0 KiB  2 (1.0 KiB)  NOT TIDIED: the disk is away',
    '',
  ]);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [5 * 1024 ** 4, '5.0 TiB'],
  [1024 ** 5, '1024.0 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(inUnits(bytes)).toBe(text);
});
