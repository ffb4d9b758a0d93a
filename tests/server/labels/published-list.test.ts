import { describe, expect, test } from 'vitest';
import { listedClasses, parseLabelList } from '../../../server/src/labels/published-list.js';

const raf = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
const classesOf = (text: string, classes = raf): string[] =>
  listedClasses(parseLabelList(text), classes).map((label) => classes[label]!);

describe('a published list of labels', () => {
  test('is read with blanks, tabs or commas, any line ends, and no newline at the end', () => {
    expect(parseLabelList('train_00001.jpg 5\r\na b.png, 3\n\nc.png\thappy')).toEqual([
      { line: 1, key: 'train_00001.jpg', label: '5' },
      { line: 2, key: 'a b.png', label: '3' },
      { line: 4, key: 'c.png', label: 'happy' },
    ]);
  });

  test('may be a table: with a header, semicolons, and names in quotes', () => {
    expect(parseLabelList('path;label\r\n"a, ""b"" #1%.png";fear\r\n"c.png";"anger"\r\n')).toEqual([
      { line: 2, key: 'a, "b" #1%.png', label: 'fear' },
      { line: 3, key: 'c.png', label: 'anger' },
    ]);
    expect(parseLabelList('key,givenLabel\nfaces/c.png,anger')).toHaveLength(1);
    expect(parseLabelList('key,label\nfaces/c.png,anger')).toEqual([{ line: 2, key: 'faces/c.png', label: 'anger' }]);
    // A picture called so, not a header.
    expect(parseLabelList('image 5')).toEqual([{ line: 1, key: 'image', label: '5' }]);
  });

  test('gives RAF-DB codes their classes by name, whatever order the data set has them in', () => {
    const list = [1, 2, 3, 4, 5, 6, 7].map((code) => `x${code}.jpg ${code}`).join('\n');
    expect(classesOf(list)).toEqual(raf);
    expect(classesOf(list, [...raf].reverse())).toEqual(raf);
  });

  test('takes names in their usual forms, and names of any classes as they are', () => {
    expect(classesOf('a Angry\nb HAPPY\nc sad')).toEqual(['anger', 'happiness', 'sadness']);
    expect(classesOf('a 1\nb 2', ['1', '2'])).toEqual(['1', '2']);
  });

  test('takes time in proportion to its length, whatever its lines are made of', () => {
    for (const line of [
      ' '.repeat(80_000),
      `a${' '.repeat(80_000)}b`,
      `a ${'\t,'.repeat(40_000)}`,
      '"'.repeat(80_000),
    ]) {
      const start = performance.now();
      try {
        parseLabelList(`x 1\n${line}\n`);
      } catch {
        // Refused is as good as read.
      }
      expect(performance.now() - start).toBeLessThan(5_000);
    }
  });

  test('says where a label is none', () => {
    expect(() => classesOf('a 1\nb 8')).toThrow(/in line 1 one of surprise/);
    expect(() => classesOf('a happy\nb bored')).toThrow(/in line 2 one of surprise/);
  });
});
