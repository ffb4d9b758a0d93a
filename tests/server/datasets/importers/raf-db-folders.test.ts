import { afterEach, describe, expect, it } from 'vitest';
import { rafDbFolders } from '../../../../server/src/datasets/importers/raf-db-folders.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { counted, fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

const expressions = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
const once = Object.fromEntries(expressions.map((name) => [name, 1]));
/** A picture of each code in train and test. */
const pictures = (below = '', codes = 7, digits = 5): string[] =>
  Array.from({ length: codes }, (_, n) => [
    `${below}train/${n + 1}/train_${String(n + 1).padStart(digits, '0')}_aligned.jpg`,
    `${below}test/${n + 1}/test_${String(n + 1).padStart(digits - 1, '0')}_aligned.jpg`,
  ]).flat();
const table = (split: string, digits: number, other: Record<number, number> = {}): string =>
  `image,label\n${expressions.map((_, n) => `${split}_${String(n + 1).padStart(digits, '0')}_aligned.jpg,${other[n + 1] ?? n + 1}`).join('\n')}\n`;

async function filled(names: readonly string[], texts: Record<string, string> = {}): Promise<string> {
  tree = await imageTree({ ...Object.fromEntries(names.map((name) => [name, ''])), ...texts });
  return tree.root;
}

describe('RAF-DB as folders of codes', () => {
  it.each(['', 'DATASET/', 'data/images/'])('has the names of its codes and its splits, below %j', async (below) => {
    const root = await filled(pictures(below));
    expect(await fits(rafDbFolders, root)).toBe(true);
    const read = await opened(rafDbFolders, root);
    expect(read.source.description.classes).toEqual(expressions);
    expect(counted(read)).toEqual({ TRAIN: once, TEST: once });
  });

  it('knows the tables beside by other headers', async () => {
    const other = (text: string): string => text.replace('image,label', 'filename,emotion').replaceAll('\n', '\r\n');
    const root = await filled(pictures('DATASET/'), {
      'train_labels.csv': other(table('train', 5)),
      'test_labels.csv': other(table('test', 4)),
    });
    const { source } = await opened(rafDbFolders, root);
    expect(source.description.choices).toMatchObject({ labels: 'test_labels.csv, train_labels.csv' });
  });

  it('takes the labels of tables beside, and tells where the folders differ', async () => {
    const root = await filled(pictures('DATASET/'), {
      'train_labels.csv': table('train', 5, { 2: 3 }),
      'test_labels.csv': `${table('test', 4)}test_9999_aligned.jpg,1\n`,
    });
    const read = await opened(rafDbFolders, root);
    expect(counted(read)).toEqual({ TRAIN: { ...once, fear: undefined, disgust: 2 }, TEST: once });
    expect(read.records.find(({ key }) => key.includes('train_00002'))!.rawLabel).toBe('3');
    expect(read.source.notes!().join()).toContain(
      'differ for 1 pictures, such as DATASET/train/2/train_00002_aligned.jpg (3 in train_labels.csv)',
    );
    expect(reasons(read)).toEqual(['test_labels.csv:9 the picture is in none of the folders']);
  });

  it('has the eleven classes of the compound set', async () => {
    const read = await opened(rafDbFolders, await filled(pictures('', 11, 4)));
    expect(read.source.description.classes[5]).toBe('sadly disgusted');
    expect(read.skipped).toEqual([]);
  });

  it('is no layout of pictures with other names', async () => {
    expect(await fits(rafDbFolders, await filled(['train/1/a.jpg', 'train/2/b.jpg', 'test/1/c.jpg']))).toBe(false);
  });
});
