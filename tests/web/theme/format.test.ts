import { describe, expect, test } from 'vitest';
import { ago, bytes, compact, decimal, duration, enumName, integer, percent } from '../../../web/src/theme/format';

describe('numbers as text', () => {
  test('have a dash where there is none', () => {
    expect([percent(null), percent(undefined), decimal(Number.NaN)]).toEqual(['–', '–', '–']);
  });

  test.each([
    [percent(0.9004), '90.0 %'],
    [integer(12271), '12,271'],
    [compact(0.0001), '1e-4'],
    [compact(0.001), '0.001'],
    [compact(0), '0'],
    [bytes(999), '999 B'],
    [bytes(5_592_976), '5.6 MB'],
    [bytes(0), '0 B'],
    [bytes(3e15), '3000000.0 GB'],
  ])('%s is %s', (text, expected) => {
    expect(text).toBe(expected);
  });

  test.each([
    [0.4, '0 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [3600, '1 h 00 min'],
    [-3, '0 s'],
  ])('%d seconds', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });

  test('say how long ago something was', () => {
    const now = Date.parse('2026-11-24T12:00:00Z');
    expect(
      ['2026-11-24T11:59:50Z', '2026-11-24T11:55:00Z', '2026-11-24T09:00:00Z', '2026-11-20T12:00:00Z'].map((iso) =>
        ago(iso, now),
      ),
    ).toEqual(['just now', '5 min ago', '3 h ago', '4 d ago']);
  });

  test('name a backbone as the literature does', () => {
    expect([enumName('RESNET18'), enumName('NORMALISED'), enumName('HIGH_ATTENTION')]).toEqual([
      'ResNet-18',
      'Normalised',
      'High attention',
    ]);
  });
});
