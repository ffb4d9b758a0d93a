import { afterEach, describe, expect, it } from 'vitest';
import { rafDb } from '../../../../server/src/datasets/importers/raf-db.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { counted, fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

const list = 'EmoLabel/list_patition_label.txt';
/** Images of each class in the official list, in the order of the codes. */
const official = { train: [1290, 281, 717, 4772, 1982, 705, 2524], test: [329, 74, 160, 1185, 478, 162, 680] };
const officialNames = Object.entries(official).flatMap(([split, counts]) =>
  counts.flatMap((count, code) => Array.from({ length: count }, () => [split, code + 1] as const)),
);

/** A list with the official counts: no newline at its end. */
function officialList(): string {
  const numbers = { train: 0, test: 0 };
  return officialNames
    .map(
      ([split, code]) =>
        `${split}_${String(++numbers[split as 'train' | 'test']).padStart(split === 'train' ? 5 : 4, '0')}.jpg ${code}`,
    )
    .join('\n');
}
async function rafTree(files: Record<string, string>): Promise<string> {
  tree = await imageTree({ 'Image/aligned/none.txt': '', ...files });
  return tree.root;
}

describe('RAF-DB', () => {
  it('has the published counts of each class and split', async () => {
    const read = await opened(rafDb, await rafTree({ [list]: officialList() }));
    expect(read.items).toHaveLength(15_339);
    const named = (counts: number[]): Record<string, number> =>
      Object.fromEntries(read.source.description.classes.map((name, place) => [name, counts[place]!]));
    expect(counted(read)).toEqual({ TRAIN: named(official.train), TEST: named(official.test) });
    expect(read.source.description).toMatchObject({
      classes: ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'],
      expectedItems: 15_339,
    });
  });

  it('keeps the code and finds the aligned image, or the original one', async () => {
    const root = await rafTree({ [list]: '\ufefftrain_00001.jpg 5\r\ntest_0001.jpg 1\r\n' });
    const { records } = await opened(rafDb, root);
    expect(records).toEqual([
      {
        key: 'train_00001.jpg',
        split: 'TRAIN',
        imagePath: 'Image/aligned/train_00001_aligned.jpg',
        rawLabel: '5',
        givenLabelIndex: 4,
      },
      {
        key: 'test_0001.jpg',
        split: 'TEST',
        imagePath: 'Image/aligned/test_0001_aligned.jpg',
        rawLabel: '1',
        givenLabelIndex: 0,
      },
    ]);
    expect((await opened(rafDb, root, { images: 'original' })).records[0]).toMatchObject({
      imagePath: 'Image/original/train_00001.jpg',
    });
  });

  it('takes the labels from another list and keeps the official ones as clean', async () => {
    const root = await rafTree({
      [list]: 'train_00001.jpg 5\ntrain_00002.jpg 1',
      'noise.txt': 'train_00001.jpg 4\ntrain_00002.jpg 1\n',
    });
    const { records, source } = await opened(rafDb, root, { labels: 'noise.txt' });
    expect(records.map(({ givenLabelIndex, cleanLabelIndex }) => [givenLabelIndex, cleanLabelIndex])).toEqual([
      [3, 4],
      [0, 0],
    ]);
    expect(source.description.choices).toMatchObject({ labels: 'noise.txt' });
  });

  it('reports each line it cannot use', async () => {
    const root = await rafTree({
      [list]: 'train_00001.jpg 5\ntrain_00002.jpg 8\nvalid_1.jpg 2\ntrain_00003.jpg\ntest_0001.jpg NaN\n',
    });
    expect(reasons(await opened(rafDb, root))).toEqual([
      `${list}:2 the code is none of 1 to 7 (found "8")`,
      `${list}:3 the name starts with neither train_ nor test_ (found "valid_1.jpg")`,
      `${list}:4 the line is not a name and a code (found "train_00003.jpg")`,
      `${list}:5 the code is none of 1 to 7 (found "NaN")`,
    ]);
  });

  it.each([
    ['by name', 'name,1,2,3,4,5,6,7\ntrain_00002.jpg,.5,.5,0,0,0,0,0\ntest_0001,0,0,0,0,0,.2,.8\n'],
    ['by name and blanks', 'train_00002_aligned.jpg .5 .5 0 0 0 0 0\ntest_0001.jpg 0 0 0 0 0 0.2 0.8'],
  ])('joins distributions %s', async (_, text) => {
    const root = await rafTree({ [list]: 'train_00001.jpg 5\ntrain_00002.jpg 1\ntest_0001.jpg 7', 'dist.csv': text });
    const { records } = await opened(rafDb, root, { distributions: 'dist.csv' });
    expect(records.map(({ trueDistribution }) => trueDistribution)).toEqual([
      undefined,
      [0.5, 0.5, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0.2, 0.8],
    ]);
  });

  it('joins distributions without names by their row: 12,271 of the training set, then the test', async () => {
    const row = (place: number): string => Array.from({ length: 7 }, (_, k) => (k === place ? 1 : 0)).join(' ');
    const rows = Array.from({ length: 12_273 }, (_, n) => row(n === 0 ? 1 : n === 12_270 ? 2 : n === 12_271 ? 3 : 6));
    const root = await rafTree({
      [list]: 'train_00001.jpg 5\ntrain_12271.jpg 1\ntest_0001.jpg 7\ntest_0002.jpg 7',
      'dist.txt': rows.join('\n'),
    });
    const { records } = await opened(rafDb, root, { distributions: 'dist.txt' });
    expect(records.map(({ trueDistribution }) => trueDistribution!.indexOf(1))).toEqual([1, 2, 3, 6]);
  });

  it('leaves out a distribution with NaN or a wrong sum, and says where', async () => {
    const root = await rafTree({
      [list]: 'train_00001.jpg 5\ntrain_00002.jpg 5\ntrain_00003.jpg 5',
      'd.csv': 'NaN,0,0,0,0,0,1\n.5,.2,0,0,0,0,0\n0,0,1,0,0,0,0\n',
    });
    const read = await opened(rafDb, root, { distributions: 'd.csv' });
    expect(reasons(read)).toEqual([
      'd.csv:1 the distribution cannot be used; its image has none (number 1 is "NaN", expected 0 to 1)',
      'd.csv:2 the distribution cannot be used; its image has none (the sum is 0.700, expected 1)',
    ]);
    expect(read.records.map(({ trueDistribution }) => trueDistribution === undefined)).toEqual([true, true, false]);
  });

  it('is found by its list, and refused without one', async () => {
    const root = await rafTree({ [list]: 'train_00001.jpg 5' });
    expect(await fits(rafDb, root)).toBe(true);
    expect(await fits(rafDb, `${root}/Image`)).toBe(false);
    await expect(opened(rafDb, `${root}/Image`)).rejects.toMatchObject({
      details: { path: 'directory', expected: 'the file EmoLabel/list_patition_label.txt' },
    });
  });

  it.each([
    ['an empty list', ''],
    ['another delimiter', 'train_00001.jpg:5\n'],
  ])('refuses %s', async (_, text) => {
    await expect(opened(rafDb, await rafTree({ [list]: text }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { expected: expect.stringContaining('with lines like "train_00001.jpg 5"') },
    });
  });
});

describe('RAF-DB as it lies on disks', () => {
  const compound = (): string =>
    [
      ...Array.from({ length: 33 }, (_, n) => `train_${String(n + 1).padStart(4, '0')}.jpg ${(n % 11) + 1}`),
      ...Array.from({ length: 11 }, (_, n) => `test_${String(n + 1).padStart(3, '0')}.jpg ${n + 1}`),
    ].join('\n');

  it('keeps the eleven classes of the compound set under their names', async () => {
    const { records, source, skipped } = await opened(rafDb, await rafTree({ [list]: compound() }));
    expect(source.description.classes).toHaveLength(11);
    expect([records.length, skipped.length, source.description.choices['set']]).toEqual([44, 0, 'compound']);
    expect(source.description.classes[records.find(({ rawLabel }) => rawLabel === '6')!.givenLabelIndex]).toBe(
      'sadly disgusted',
    );
    expect(source.notes!().join()).toContain('compound set');
  });

  it('refuses names of the compound set with the codes of both, until told which it is', async () => {
    const root = await rafTree({ [list]: 'train_0001.jpg 5\ntrain_0002.jpg 1\ntest_001.jpg 7\n' });
    await expect(opened(rafDb, root)).rejects.toMatchObject({ details: { path: 'set' } });
    const class5 = async (set: string): Promise<string> => {
      const { source, records } = await opened(rafDb, root, { set });
      return source.description.classes[records[0]!.givenLabelIndex]!;
    };
    expect([await class5('basic'), await class5('compound')]).toEqual(['sadness', 'sadly surprised']);
  });

  it('refuses codes that begin with 0, and takes names for them', async () => {
    const root = await rafTree({ [list]: 'train_00001.jpg 0\ntrain_00002.jpg 0\ntest_0001.jpg 6\n' });
    await expect(opened(rafDb, root)).rejects.toMatchObject({
      details: { path: 'classes', found: 'the codes 0 in 2 of 3 rows' },
    });
    const { source, records } = await opened(rafDb, root, { classes: '0=surprise,6=neutral' });
    expect(records.map(({ givenLabelIndex }) => source.description.classes[givenLabelIndex])).toEqual([
      'surprise',
      'surprise',
      'neutral',
    ]);
  });

  it('reads names with the suffix, carriage returns, tabs and blanks, and folders in other letters', async () => {
    tree = await imageTree({
      'emolabel/List_patition_label.txt': ' train_00001_aligned.jpg\t5 \r\ntest_0001.jpg   1\r\n',
      'image/Aligned/train_00001_aligned.jpg': '',
      'image/Aligned/test_0001_aligned.jpg': '',
    });
    const { records } = await opened(rafDb, tree.root);
    expect(records.map(({ imagePath, split }) => [imagePath, split])).toEqual([
      ['image/Aligned/train_00001_aligned.jpg', 'TRAIN'],
      ['image/Aligned/test_0001_aligned.jpg', 'TEST'],
    ]);
    expect(await fits(rafDb, tree.root)).toBe(true);
  });

  it('finds pictures in another folder, without the suffix, with another ending', async () => {
    tree = await imageTree({
      [list]: 'train_00001.jpg 5\ntest_0001.jpg 1',
      'faces/train_00001.png': '',
      'faces/test_0001_aligned.JPG': '',
    });
    const { records, source } = await opened(rafDb, tree.root);
    expect(records.map(({ imagePath }) => imagePath)).toEqual(['faces/train_00001.png', 'faces/test_0001_aligned.JPG']);
    expect(source.notes!()[0]).toContain('2 pictures were not where the list says');
  });
});
