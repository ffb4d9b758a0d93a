import { afterEach, describe, expect, it } from 'vitest';
import { folder } from '../../../../server/src/datasets/importers/folder.js';
import type { ImportItem, ImportRecord } from '../../../../server/src/datasets/importers/importer.js';
import { openImport } from '../../../../server/src/datasets/imports/open-import.js';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import { collected, type ImageTree, imageTree } from '../image-tree.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

/** The importer looks at names alone: empty files will do. */
async function opened(
  names: readonly string[] | Readonly<Record<string, string>>,
  options: Record<string, string> = {},
) {
  await tree?.remove();
  tree = await imageTree(
    Array.isArray(names) ? Object.fromEntries(names.map((name) => [name, ''])) : (names as Record<string, string>),
  );
  const source = await openImport(folder, await SourceDirectory.open(tree.root), options);
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

describe('an image folder as it lies on disks', () => {
  const classesOf = async (names: string[], options: Record<string, string> = {}): Promise<readonly string[]> =>
    (await opened(names, options)).source.description.classes;

  it('has its numbers in the order of their values, and names for them', async () => {
    const names = ['0', '1', '10', '2'].map((code) => `train/${code}/a.png`);
    expect(await classesOf(names)).toEqual(['0', '1', '2', '10']);
    expect(await classesOf(['1/a.png', '2/b.png', '3/c.png'], { classes: 'x,y,z' })).toEqual(['x', 'y', 'z']);
    expect(await classesOf(['train/1/a.png', 'train/7/b.png'], { classes: 'raf-db' })).toEqual([
      'surprise',
      'fear',
      'disgust',
      'happiness',
      'sadness',
      'anger',
      'neutral',
    ]);
    await expect(opened(['1/a.png', '7/b.png'], { classes: 'x,y,z' })).rejects.toMatchObject({
      details: { path: 'classes', found: '3 names' },
    });
    await expect(opened(['1/a.png', '8/b.png'], { classes: 'raf-db' })).rejects.toMatchObject({
      details: { path: 'classes', found: '8' },
    });
  });

  it('leaves classes out that are not asked for, and renames others', async () => {
    const { source, items, records } = await opened(['a/1.png', 'b/2.png', 'c/3.png'], { classes: 'c,a' });
    expect([source.description.classes, records.length, skipped(items)]).toEqual([
      ['c', 'a'],
      2,
      [['b/2.png', 'the label is none of the classes']],
    ]);
    expect(await classesOf(['a/1.png', 'b/2.png', 'c/3.png'], { classes: 'a=cat,b=cat,c=dog' })).toEqual([
      'cat',
      'dog',
    ]);
    await expect(opened(['a/1.png', 'b/2.png'], { classes: 'x,y' })).rejects.toMatchObject({
      details: { path: 'classes' },
    });
  });

  it.each([
    ['beside its splits', ['train/a/1.png', 'train/b/2.png', 'test/a/3.png', 'annotations/x.csv']],
    ['around its classes', ['train/images/a/1.png', 'train/images/b/2.png', 'test/images/a/3.png']],
    ['around everything', ['DATASET/train/a/1.png', 'DATASET/train/b/2.png', 'DATASET/test/a/3.png']],
    ['beside its classes', ['train/a/1.png', 'train/b/2.png', 'train/labels/1.txt', 'test/a/3.png']],
  ])('has folders that sort files %s and are no classes', async (_, names) => {
    const { source, records } = await opened(names);
    expect([source.description.classes, splitCounts(records)]).toEqual([['a', 'b'], { TRAIN: 2, TEST: 1 }]);
  });

  it('has classes called like folders that sort files where a person says so', async () => {
    await expect(opened(['images/1.png', 'labels/2.png'])).rejects.toThrow(/say --classes images,labels/);
    expect(await classesOf(['images/1.png', 'labels/2.png'], { classes: 'images,labels' })).toEqual([
      'images',
      'labels',
    ]);
  });

  it('counts no files of systems as losses, and names pictures of other kinds', async () => {
    const { items } = await opened([
      'a/1.png',
      'b/2.png',
      'a/Thumbs.db',
      'a/desktop.ini',
      'b/.DS_Store',
      'b/._2.png',
      '__MACOSX/a/._1.png',
      '.ipynb_checkpoints/x.png',
      'a/3.bmp',
      'a/deeper/4.png',
    ]);
    expect(skipped(items)).toEqual([
      ['a/3.bmp', 'a BMP picture: only JPEG, PNG, WebP and TIFF are read'],
      ['a/deeper/', 'a folder within the folder of a class: its pictures are not read'],
    ]);
  });

  it('has one class where two splits spell it differently', async () => {
    expect(await classesOf(['train/Cat/1.png', 'train/dog/2.png', 'test/cat/3.png'])).toEqual(['cat', 'dog']);
    expect(await classesOf(['train/e\u0301/1.png', 'train/z/2.png', 'test/\u00e9/3.png'])).toEqual(['z', 'é']);
  });

  it('is compared with a table beside it', async () => {
    const { source } = await opened({
      'labels.csv': 'path,label\na/1.png,a\na/2.png,b\nb/3.png,b\n',
      ...Object.fromEntries(['a/1.png', 'a/2.png', 'b/3.png'].map((name) => [name, ''])),
    });
    expect(source.notes!().join()).toContain(
      'labels.csv beside the folders names a label for 3 of the pictures: 1 of 3 differ, such as a/2.png (b in the table)',
    );
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
