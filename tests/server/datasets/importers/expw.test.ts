import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { expw } from '../../../../server/src/datasets/importers/expw.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

describe('ExpW', () => {
  it('cuts the box out of the picture: top, left, right, bottom', async () => {
    tree = await imageTree({
      'image/origin/party.jpg': { width: 40, height: 30 },
      'label/label.lst': 'party.jpg 0 2 10 25 12 61.5 3\nparty.jpg 1 20 30 60 50 40 0\n',
    });
    const { records, source } = await opened(expw, tree.root);
    expect(
      records.map(({ key, imagePath, rawLabel, givenLabelIndex }) => [key, imagePath, rawLabel, givenLabelIndex]),
    ).toEqual([
      ['party.jpg#0', 'image/origin/party.jpg', '3', 3],
      ['party.jpg#1', 'image/origin/party.jpg', '0', 0],
    ]);
    const sizes = await Promise.all(records.map(async ({ image }) => sharp(await image!()).metadata()));
    // The second box reaches over the edges.
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      [15, 10],
      [10, 10],
    ]);
    expect(source.description.makesImages).toBe(true);
    expect(await fits(expw, tree.root)).toBe(true);
  });

  it('keeps all faces of a picture in one split, about as many as asked', async () => {
    const lines = Array.from({ length: 3000 }, (_, n) => `p${Math.floor(n / 3)}.jpg ${n % 3} 0 0 9 9 50 ${n % 7}`);
    tree = await imageTree({ 'label.lst': lines.join('\n') });
    const { records } = await opened(expw, tree.root, { 'test-share': '0.3', 'validation-share': '0' });
    const splits = new Map<string, Set<string>>();
    for (const { imagePath, split } of records) splits.set(imagePath, (splits.get(imagePath) ?? new Set()).add(split));
    expect([...splits.values()].every((set) => set.size === 1)).toBe(true);
    const test = records.filter(({ split }) => split === 'TEST').length / records.length;
    expect(test).toBeGreaterThan(0.26);
    expect(test).toBeLessThan(0.34);
    expect(records.some(({ split }) => split === 'VALIDATION')).toBe(false);
  });

  it('reports lines and boxes it cannot use', async () => {
    tree = await imageTree({
      'label.lst':
        'a.jpg 0 2 10 25 12 61.5 3\na.jpg 1 2 10\na.jpg 2 2 25 10 12 60 3\na.jpg 3 x 10 25 12 60 3\na.jpg 4 2 10 25 12 20 3\na.jpg 5 2 10 25 12 60 7\n',
    });
    expect(reasons(await opened(expw, tree.root, { 'minimum-confidence': '50' }))).toEqual([
      'label.lst:2 the line has not eight fields (found 4)',
      'label.lst:3 the box is none (top 2, left 25, right 10, bottom 12)',
      'label.lst:4 the box is none (x 10 25 12 60)',
      'label.lst:5 the confidence of the box is too low',
      'label.lst:6 the label is no code of ExpW (expected 0 to 6, found "7")',
    ]);
  });

  it('finds its pictures in a folder of any usual name, and names with blanks', async () => {
    tree = await imageTree({
      'Images/a party.jpg': { width: 40, height: 30 },
      'Label.lst': 'a party.jpg 0 2 10 25 12 61.5 3\n',
      'readme.txt': '',
    });
    expect(await fits(expw, tree.root)).toBe(true);
    const { records } = await opened(expw, tree.root);
    expect(records.map(({ imagePath }) => imagePath)).toEqual(['Images/a party.jpg']);
    expect((await sharp(await records[0]!.image!()).metadata()).width).toBe(15);
  });

  it('cuts boxes that reach over the edge', async () => {
    tree = await imageTree({ 'origin/a.jpg': { width: 20, height: 20 }, 'label.lst': 'a.jpg 0 -3 -2 25 28 60 3\n' });
    const { records } = await opened(expw, tree.root);
    expect(await sharp(await records[0]!.image!()).metadata()).toMatchObject({ width: 20, height: 20 });
  });
});
