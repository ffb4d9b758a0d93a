import { describe, expect, test } from 'vitest';
import { className } from '../../../../server/src/datasets/sources/class-names.js';
import { clientPattern } from '../../../../server/src/datasets/sources/client-pattern.js';
import { linesOf } from '../../../../server/src/datasets/sources/lines-of.js';
import { splitNamed } from '../../../../server/src/datasets/sources/split-names.js';
import { columnsOf } from '../../../../server/src/datasets/importers/manifest-columns.js';
import { readDistribution } from '../../../../server/src/datasets/sources/distribution.js';
import { readJsonLines } from '../../../../server/src/runs/recording/bodies/json-lines.js';
import { parseLabelList } from '../../../../server/src/labels/published-list.js';

async function* pieces(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

async function lines(...texts: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const line of linesOf(pieces(...texts))) found.push(line);
  return found;
}

describe('a regular expression of somebody', () => {
  test('finds the first group, or all of the match', () => {
    expect(clientPattern('p', '^(S\\d+)_').find('S12_x.png')).toBe('S12');
    expect(clientPattern('p', '^(?<subject>S\\d+)_').find('S12_x.png')).toBe('S12');
    expect(clientPattern('p', 'S\\d+').find('x_S7.png')).toBe('S7');
    expect(clientPattern('p', 'S(\\d+)').find('none')).toBeNull();
  });

  test.each(['(a+)+$', '(a|a)*$', '(.*a){12}$', '^(([a-z])+.)+[A-Z]([a-z])+$'])('%s takes linear time', (source) => {
    const start = performance.now();
    clientPattern('p', source).find(`${'a'.repeat(20_000)}!`);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  test.each(['(', '(?=a)', '(a)\\1', 'a{100000}', 'x'.repeat(2000)])('%s is refused with a reason', (source) => {
    expect(() => clientPattern('subject-pattern', source)).toThrow(/^subject-pattern: expected a regular expression/);
  });
});

describe('lines of a text', () => {
  test('end with any line end, wherever the text is cut into pieces', async () => {
    expect(await lines('a\r', '\nb\n\nc', 'd\re', '')).toEqual(['a', 'b', '', 'cd', 'e']);
    expect(await lines('a\r\nb\r\n')).toEqual(['a', 'b']);
    expect(await lines('')).toEqual([]);
  });

  test('that are longer than any row are refused before they fill the memory', async () => {
    const piece = 'x'.repeat(65_536);
    async function* endless(): AsyncGenerator<string> {
      for (;;) yield piece;
    }
    const read = (async () => {
      for await (const line of linesOf(endless())) void line;
    })();
    await expect(read).rejects.toThrow(/lines of at most 4,194,304 characters, found "line 1 is longer/);
  });
});

describe('names that every object has', () => {
  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is a name like any other', (name) => {
    expect(className(name)).toBe(name);
    expect(splitNamed(name)).toBeNull();
  });
});

describe('what patterns of ours are asked about', () => {
  const long = 200_000;
  async function* bytes(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const questions: [what: string, ask: () => unknown][] = [
    ['votes of a nameless class', () => columnsOf(['path', `votes${'-'.repeat(long)}\n`, `p${'_'.repeat(long)}\n`])],
    ['a rater without a name', () => columnsOf(['path', `rater${' '.repeat(long)}\n`])],
    ['a share with blanks in it', () => readDistribution([`1,1${' '.repeat(long)}x`, '0'], 2)],
    ['blanks on a line of JSON', () => readJsonLines(bytes(`{"key":${' '.repeat(long)}NaN}\n`))],
    ['a column of dots', () => readJsonLines(bytes(`{"key":"a","${'x.'.repeat(long / 2)}\\n":1}\n`))],
    [
      'a hundred thousand columns',
      () =>
        columnsOf(
          Array.from({ length: 100_000 }, (_, n) => `c${n}`),
          {},
        ),
    ],
  ];

  test.each(questions)('%s: answered in linear time', async (_, ask) => {
    const start = performance.now();
    try {
      await ask();
    } catch {
      // Refused: only the time counts here.
    }
    expect(performance.now() - start).toBeLessThan(8000);
  });
});

describe('a list of labels', () => {
  test.each([
    ['blanks', `${' '.repeat(300_000)}x`],
    ['blanks between', `a${' '.repeat(300_000)}b,`],
    ['commas', `a${', '.repeat(150_000)}`],
  ])('of %s is read or refused in linear time', (_, text) => {
    const start = performance.now();
    try {
      parseLabelList(`a 1\n${text}`);
    } catch {
      // Refused: only the time counts here.
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('splits where it did before', () => {
    const parts = (line: string): unknown[] => parseLabelList(line).map(({ key, label }) => [key, label]);
    expect(parts('a , b 5')).toEqual([['a , b', '5']]);
    expect(parts('a,,5')).toEqual([['a,', '5']]);
    expect(parts('a b.png,3')).toEqual([['a b.png', '3']]);
    expect(() => parts('onlyone')).toThrow();
    expect(() => parts(', 5')).toThrow();
  });
});
