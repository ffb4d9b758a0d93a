import { afterEach, describe, expect, it } from 'vitest';
import { folder } from '../../../../server/src/datasets/importers/folder.js';
import type { ImportItem, ImportRecord } from '../../../../server/src/datasets/importers/importer.js';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import { collected, type ImageTree, imageTree } from '../image-tree.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

/** The importer looks at names alone: empty files will do. */
async function opened(names: readonly string[], options: Record<string, string> = {}) {
  await tree?.remove();
  tree = await imageTree(Object.fromEntries(names.map((name) => [name, ''])));
  const source = await folder.open(await SourceDirectory.open(tree.root), options);
  const items = await collected(source.items());
  return { source, items, records: items.flatMap((item) => ('record' in item ? [item.record] : [])) };
}
const skipped = (items: ImportItem[]): unknown[] =>
  items.flatMap((item) => ('skipped' in item ? [[item.skipped.file, item.skipped.reason]] : []));
const numbered = (directory: string, count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, n) => `${directory}/${prefix}${n}.png`);
const splitCounts = (records: ImportRecord[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { split } of records) counts[split] = (counts[split] ?? 0) + 1;
  return counts;
};

describe('an image folder with splits', () => {
  it('takes split and class from the folders, under their usual names', async () => {
    const { records, source } = await opened([
      'train/Angry/a.jpg',
      'train/happy/b.JPEG',
      'val/angry/c.png',
      'Test/Happiness/d.webp',
    ]);
    expect(source.description.classes).toEqual(['anger', 'happiness']);
    expect(records).toEqual([
      {
        key: 'Test/Happiness/d.webp',
        split: 'TEST',
        imagePath: 'Test/Happiness/d.webp',
        rawLabel: 'Happiness',
        givenLabelIndex: 1,
        subject: null,
      },
      {
        key: 'train/Angry/a.jpg',
        split: 'TRAIN',
        imagePath: 'train/Angry/a.jpg',
        rawLabel: 'Angry',
        givenLabelIndex: 0,
        subject: null,
      },
      {
        key: 'train/happy/b.JPEG',
        split: 'TRAIN',
        imagePath: 'train/happy/b.JPEG',
        rawLabel: 'happy',
        givenLabelIndex: 1,
        subject: null,
      },
      {
        key: 'val/angry/c.png',
        split: 'VALIDATION',
        imagePath: 'val/angry/c.png',
        rawLabel: 'angry',
        givenLabelIndex: 0,
        subject: null,
      },
    ]);
    expect(source.description).toMatchObject({
      format: 'folder',
      expectedItems: 4,
      choices: { layout: '<split>/<class>/*' },
    });
  });

  it('keeps classes that are no expressions as they are', async () => {
    const { source } = await opened(['train/cat/a.jpg', 'train/Dog/b.jpg', 'test/cat/c.jpg']);
    expect(source.description.classes).toEqual(['Dog', 'cat']);
  });

  it('reports what is no image or not in a class', async () => {
    const { items, source } = await opened([
      'train/cat/a.jpg',
      'train/dog/b.jpg',
      'train/dog/.DS_Store',
      'train/dog/notes.txt',
      'train/readme',
      'README.md',
    ]);
    expect(skipped(items)).toEqual([
      ['README.md', 'not in the folder of a class'],
      ['train/readme', 'not in the folder of a class'],
      ['train/dog/.DS_Store', expect.stringMatching(/^not the name of an image/)],
      ['train/dog/notes.txt', expect.stringMatching(/^not the name of an image/)],
    ]);
    expect(items).toHaveLength(source.description.expectedItems!);
  });

  it('refuses splits that share a subject', async () => {
    await expect(
      opened(['train/a/S1_1.png', 'train/b/S2_1.png', 'test/a/S1_2.png'], { 'subject-pattern': '^(S\\d+)_' }),
    ).rejects.toMatchObject({ details: { path: 'subject-pattern', found: 'S1 in TEST and TRAIN' } });
  });
});

describe('an image folder without splits', () => {
  const names = [...numbered('sad', 40), ...numbered('happy', 20)];

  it('holds out the same share of each class, exactly', async () => {
    const { records } = await opened(names, { 'validation-share': '0.1', 'test-share': '0.25' });
    expect(splitCounts(records.filter((record) => record.rawLabel === 'sad'))).toEqual({
      TRAIN: 26,
      VALIDATION: 4,
      TEST: 10,
    });
    expect(splitCounts(records.filter((record) => record.rawLabel === 'happy'))).toEqual({
      TRAIN: 13,
      VALIDATION: 2,
      TEST: 5,
    });
  });

  it('draws the same split from the same seed and another from another', async () => {
    const splits = async (seed: string) => (await opened(names, { seed })).records.map((record) => record.split).join();
    const first = await splits('3');
    expect(await splits('3')).toBe(first);
    expect(await splits('4')).not.toBe(first);
  });

  it('keeps each subject in one split', async () => {
    const people = Array.from({ length: 20 }, (_, person) => [
      ...numbered('sad', 3, `S${person}_`),
      ...numbered('happy', 2, `S${person}_`),
    ]).flat();
    const { records, items } = await opened([...people, 'sad/nobody.png'], { 'subject-pattern': '^(S\\d+)_' });
    const splitsOf = new Map<string, Set<string>>();
    for (const { subject, split } of records) splitsOf.set(subject!, (splitsOf.get(subject!) ?? new Set()).add(split));
    expect(splitsOf.size).toBe(20);
    expect([...splitsOf.values()].every((splits) => splits.size === 1)).toBe(true);
    expect(splitCounts(records)).toEqual({ TRAIN: 70, VALIDATION: 10, TEST: 20 });
    expect(skipped(items)).toEqual([['sad/nobody.png', 'no subject in the file name']]);
  });
});

describe('an image folder is refused', () => {
  it.each([
    ['with splits and classes side by side', ['train/a/1.png', 'cat/1.png'], {}, 'directory'],
    ['with one class', ['a/1.png'], {}, 'directory'],
    ['with a share that is no share', ['a/1.png', 'b/1.png'], { 'test-share': '20%' }, 'test-share'],
    [
      'with shares that leave nothing',
      ['a/1.png', 'b/1.png'],
      { 'test-share': '0.6', 'validation-share': '0.4' },
      'test-share',
    ],
    ['with a seed that is no integer', ['a/1.png', 'b/1.png'], { seed: 'x' }, 'seed'],
    ['with a pattern that is none', ['a/1.png', 'b/1.png'], { 'subject-pattern': '(' }, 'subject-pattern'],
  ])('%s', async (_, names, options, argument) => {
    await expect(opened(names, options as Record<string, string>)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: argument },
    });
  });
});
