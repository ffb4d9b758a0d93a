import { afterEach, describe, expect, it } from 'vitest';
import { folder } from '../../../../server/src/datasets/importers/folder.js';
import { yolo } from '../../../../server/src/datasets/importers/yolo.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

const box = (code: number | string): string => `${code} 0.5 0.5 0.8 0.8\n`;
const names = "nc: 3\nnames: ['Anger', 'Fear', 'Happy']\n";
async function filled(files: Record<string, string>): Promise<string> {
  tree = await imageTree(files);
  return tree.root;
}
const split = (images: string, labels: string): Record<string, string> => ({
  [`${images}/a.png_aug.png`]: '',
  [`${labels}/a.png_aug.txt`]: box(2),
  [`${images}/b.png`]: '',
  [`${labels}/b.txt`]: box(0) + box(0),
});

describe('a data set in the layout of YOLO', () => {
  it.each([
    ['<split>/images', { ...split('train/images', 'train/labels'), ...split('valid/images', 'valid/labels') }],
    ['images/<split>', { ...split('images/train', 'labels/train'), ...split('images/val', 'labels/val') }],
  ])('has the classes of data.yaml, %s', async (_, files) => {
    const root = await filled({ 'data.yaml': names, ...files });
    expect(await fits(yolo, root)).toBe(true);
    const { records, source } = await opened(yolo, root);
    expect(source.description.classes).toEqual(['anger', 'fear', 'happiness']);
    expect(
      records.map((record) => `${record.split} ${source.description.classes[record.givenLabelIndex]}`).sort(),
    ).toEqual(['TRAIN anger', 'TRAIN happiness', 'VALIDATION anger', 'VALIDATION happiness']);
    // Folders that sort files are never classes.
    await expect(opened(folder, root)).rejects.toThrow(/folders of such names sort files and are no classes/);
  });

  it.each([
    ['a mapping', { 'data.yaml': 'names:\n  0: Anger\n  2: Happy\n  1: Fear\n' }],
    ['classes.txt', { 'classes.txt': 'Anger\nFear\nHappy\n' }],
  ])('has its names in %s', async (_, file) => {
    const { source, records } = await opened(
      yolo,
      await filled({ ...file, ...split('images', 'labels') } as Record<string, string>),
    );
    expect(source.description.classes).toEqual(['anger', 'fear', 'happiness']);
    expect(records.map(({ givenLabelIndex }) => givenLabelIndex)).toEqual([2, 0]);
  });

  it('says which pictures have no one class', async () => {
    const images = Object.fromEntries(['none', 'empty', 'two', 'odd'].map((name) => [`train/images/${name}.png`, '']));
    const read = await opened(
      yolo,
      await filled({
        'data.yaml': names,
        ...images,
        'train/labels/empty.txt': '',
        'train/labels/two.txt': box(0) + box(1),
        'train/labels/odd.txt': box(7),
        ...split('test/images', 'test/labels'),
      }),
    );
    expect(reasons(read).sort()).toEqual([
      'train/labels/empty.txt no box in the picture',
      'train/labels/none.txt no labels beside the picture (expected train/labels/none.txt)',
      'train/labels/odd.txt the code is none of the classes (expected 0 to 2, found "7")',
      'train/labels/two.txt boxes of several classes in one picture (anger, fear)',
    ]);
  });

  it('is refused without names', async () => {
    const root = await filled(split('train/images', 'train/labels'));
    expect(await fits(yolo, root)).toBe(false);
    await expect(opened(yolo, root)).rejects.toThrow(/data.yaml or classes.txt/);
    await expect(
      opened(yolo, await filled({ 'data.yaml': 'names: 3', ...split('train/images', 'train/labels') })),
    ).rejects.toThrow(/data.yaml without names/);
  });
});
