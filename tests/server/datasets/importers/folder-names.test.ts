import { afterEach, describe, expect, it } from 'vitest';
import { folder } from '../../../../server/src/datasets/importers/folder.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { type OpenedSource, opened as openedFrom } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

/** The importer looks at names alone: empty files will do. */
async function opened(names: readonly string[]): Promise<OpenedSource> {
  await tree?.remove();
  tree = await imageTree(Object.fromEntries(names.map((name) => [name, ''])));
  return openedFrom(folder, tree.root);
}

function splitCounts(records: OpenedSource['records']): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { split } of records) counts[split] = (counts[split] ?? 0) + 1;
  return counts;
}

describe('folders of splits', () => {
  it.each([
    ['a word beside', 'train_images/', 'Test-Data/'],
    ['a year', 'train2017/', 'val2017/'],
    ['a prefix', 'seg_train/', 'seg_test/'],
    ['themselves in them', 'train/train/', 'test/test/'],
  ])('are known with %s', async (_, one, other) => {
    const { source, records } = await opened([`${one}cat/a.png`, `${one}dog/b.png`, `${other}cat/c.png`]);
    expect(source.description.classes).toEqual(['cat', 'dog']);
    expect(splitCounts(records)['TRAIN']).toBe(2);
  });

  it('are never classes', async () => {
    await expect(opened(['train2017/a.png', 'val2017/b.png', 'annotations/a.json'])).rejects.toThrow(/no classes/);
  });

  it('may lie below the classes', async () => {
    const { source, records } = await opened(['angry/train/a.png', 'happy/train/b.png', 'happy/test/c.png']);
    expect(source.description).toMatchObject({
      classes: ['anger', 'happiness'],
      choices: { layout: '<class>/<split>/*' },
    });
    expect(splitCounts(records)).toEqual({ TRAIN: 2, TEST: 1 });
  });
});

describe('folders of classes', () => {
  it('are called without the numbers before their names', async () => {
    const { source, records } = await opened(['train/0_neutral/a.png', 'train/1. Happy/b.png', 'train/10-Calm/c.png']);
    expect(source.description.classes).toEqual(['Calm', 'happiness', 'neutral']);
    expect(records.map(({ rawLabel }) => rawLabel)).toEqual(['0_neutral', '1. Happy', '10-Calm']);
  });

  it('keep numbers that tell them apart', async () => {
    expect((await opened(['1_a/a.png', '2_a/b.png'])).source.description.classes).toEqual(['1_a', '2_a']);
  });

  it('of expressions may hold folders of subjects; of other names nobody knows which are classes', async () => {
    const { source, records } = await opened(['angry/S1/a.png', 'happy/S2/b.png']);
    expect(records.map(({ key }) => key)).toEqual(['angry/S1/a.png', 'happy/S2/b.png']);
    expect(source.description.choices['layout']).toBe('<class>/**');
    expect((await opened(['one/S1/a.png', 'two/S2/b.png'])).records).toEqual([]);
  });
});
