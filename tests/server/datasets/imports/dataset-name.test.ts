import { describe, expect, it } from 'vitest';
import { datasetName, nameFrom } from '../../../../server/src/datasets/imports/dataset-name.js';

describe('the name of a data set', () => {
  it.each([
    'a b',
    'Größe №1',
    '表情',
    `ErIc's "DaTa"`,
    '100%',
    'test/1',
    '..',
    '-rf',
    '<img src=x onerror=alert(1)>',
    '👩‍🚀',
    'x'.repeat(100),
  ])('may be %s', (name) => {
    expect(datasetName(name)).toBe(name);
  });

  it.each([
    ['a line break', 'a\nb'],
    ['a carriage return', 'a\rb'],
    ['a tab', 'a\tb'],
    ['U+0000', 'a\0b'],
    ['a mark that turns the line', 'a\u202eb'],
    ['a blank of no width', 'a\u200bb'],
    ['a separator of lines', 'a\u2028b'],
    ['a blank at the end', 'a '],
    ['a blank before', ' a'],
    ['nothing', ''],
    ['too much', 'x'.repeat(101)],
  ])('may not have %s', (_, name) => {
    expect(() => datasetName(name)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({ path: 'name', found: name }),
      }),
    );
  });

  it('is one, however its letters are composed', () => {
    expect(datasetName('e\u0301tude')).toBe('\u00e9tude');
  });

  it('of a folder leaves out what does not show', () => {
    expect(nameFrom('my\nfaces \u200b ')).toBe('my faces');
    expect(nameFrom('x'.repeat(300))).toHaveLength(100);
  });
});
