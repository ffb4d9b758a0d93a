import { afterEach, describe, expect, it } from 'vitest';
import { ckPlus } from '../../../../server/src/datasets/importers/ck-plus.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

/** Images of each class; three frames of a sequence. */
const published = { anger: 135, contempt: 54, disgust: 177, fear: 75, happy: 207, sadness: 84, surprise: 249 };

describe('CK+48', () => {
  it('has the published counts, and no subject in two splits', async () => {
    let sequence = 0;
    const names = Object.entries(published).flatMap(([name, count]) =>
      Array.from({ length: count / 3 }, () => sequence++).flatMap((number) =>
        [14, 15, 16].map(
          (frame) =>
            `${name}/S${String(number % 118).padStart(3, '0')}_${String(number).padStart(3, '0')}_000000${frame}.png`,
        ),
      ),
    );
    tree = await imageTree(Object.fromEntries(names.map((name) => [name, ''])));
    const { records, source } = await opened(ckPlus, tree.root);
    const counts: Record<string, number> = {};
    for (const { rawLabel } of records) counts[rawLabel!] = (counts[rawLabel!] ?? 0) + 1;
    expect(counts).toEqual(published);
    expect(records).toHaveLength(981);
    const splitsOf = new Map<string, Set<string>>();
    for (const { subject, split } of records) splitsOf.set(subject!, (splitsOf.get(subject!) ?? new Set()).add(split));
    expect(splitsOf.size).toBe(118);
    expect([...splitsOf.values()].every((splits) => splits.size === 1)).toBe(true);
    expect(new Set(records.map(({ split }) => split)).size).toBe(3);
    expect(source.description.classes).toEqual([
      'anger',
      'contempt',
      'disgust',
      'fear',
      'happiness',
      'sadness',
      'surprise',
    ]);
    expect(await fits(ckPlus, tree.root)).toBe(true);
  });

  it('reports names without a subject', async () => {
    tree = await imageTree({
      'anger/S010_004_00000017.png': '',
      'happy/S011_004_00000017.png': '',
      'happy/face.png': '',
      'bored/S012_004_00000017.png': '',
    });
    expect(reasons(await opened(ckPlus, tree.root))).toEqual([
      'bored/S012_004_00000017.png the folder is no class of the data set (expected anger, contempt, disgust, fear, happiness, sadness, surprise, found "bored")',
      'happy/face.png no subject in the file name (expected a name like S010_004_00000017.png)',
    ]);
  });
});
