import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../../server/src/datasets/imports/import-report.js';
import { ImportService } from '../../../../server/src/datasets/imports/import.service.js';
import type { ImportItem, ImportRecord } from '../../../../server/src/datasets/importers/importer.js';
import { Split } from '../../../../server/src/split.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { type ImageTree, imageTree } from '../image-tree.js';

let database: TestDatabase;
let tree: ImageTree;

beforeAll(async () => {
  database = await testDatabase();
  tree = await imageTree(
    Object.fromEntries(['a.png', 'b.png', 'c.png', 'd.png'].map((name) => [name, { width: 6, height: 4 }])),
  );
  await copyFile(path.join(tree.root, 'a.png'), path.join(tree.root, 'copy-of-a.png'));
  // The same pixels in another file: other bytes.
  await sharp(path.join(tree.root, 'a.png')).tiff({ compression: 'lzw' }).toFile(path.join(tree.root, 'a.tif'));
  await sharp(path.join(tree.root, 'b.png')).png({ compressionLevel: 0 }).toFile(path.join(tree.root, 'b-again.png'));
});
afterAll(() => Promise.all([tree?.remove(), database?.drop()]));

async function reportOf(name: string, records: (Partial<ImportRecord> & { key: string })[]): Promise<ImportReport> {
  const items = records.map((record): ImportItem => ({
    record: { split: Split.TRAIN, imagePath: record.key, rawLabel: null, givenLabelIndex: 0, ...record },
    origin: { file: 'list', line: 1 },
  }));
  const description = {
    format: 'test',
    source: 'here',
    imageRoot: tree.root,
    classes: ['fear', 'joy'],
    choices: {},
    expectedItems: null,
  };
  return (
    await new ImportService(database.dataSource).import(
      {
        description,
        async *items() {
          yield* items;
        },
      },
      { name },
    )
  ).importReport;
}

describe('an import report', () => {
  it('finds equal pixels in different files, with different labels and across splits', async () => {
    const { duplicates } = await reportOf('equal', [
      { key: 'b.png' },
      { key: 'b-again.png' },
      { key: 'a.png' },
      { key: 'copy-of-a.png', split: Split.TEST, givenLabelIndex: 1 },
      { key: 'a.tif', split: Split.TEST },
      { key: 'c.png', split: Split.VALIDATION },
    ]);
    expect(duplicates).toEqual({
      pictures: 2,
      samples: 5,
      differentLabels: 1,
      leakage: [{ between: ['TRAIN', 'TEST'], pictures: 1, samples: [1, 2] }],
      examples: [
        {
          samples: [
            { key: 'a.png', split: 'TRAIN', givenLabelIndex: 0 },
            { key: 'copy-of-a.png', split: 'TEST', givenLabelIndex: 1 },
            { key: 'a.tif', split: 'TEST', givenLabelIndex: 0 },
          ],
        },
        {
          samples: [
            { key: 'b.png', split: 'TRAIN', givenLabelIndex: 0 },
            { key: 'b-again.png', split: 'TRAIN', givenLabelIndex: 0 },
          ],
        },
      ],
    });
  });

  it('counts equal pixels within the data set alone', async () => {
    expect((await reportOf('other data set', [{ key: 'a.png' }, { key: 'b.png' }])).duplicates).toEqual({
      pictures: 0,
      samples: 0,
      differentLabels: 0,
      leakage: [],
      examples: [],
    });
  });

  it('counts classes by split, votes, distributions, clean labels and subjects', async () => {
    const { contents } = await reportOf('contents', [
      { key: 'a.png', votes: [3, 7], subject: 'S1', cleanLabelIndex: 1 },
      {
        key: 'b.png',
        votes: [4, 4],
        outsideVotes: { unknown: 1 },
        subject: 'S1',
        split: Split.TEST,
        trueDistribution: [0.5, 0.5],
      },
      { key: 'c.png', givenLabelIndex: 1, subject: 'S2' },
      { key: 'd.png' },
    ]);
    expect(contents).toEqual({
      classCounts: [
        { split: 'TRAIN', counts: [2, 1] },
        { split: 'TEST', counts: [1, 0] },
      ],
      votes: { samples: 2, fewest: 9, most: 10 },
      trueDistributions: 1,
      cleanLabels: 1,
      subjects: { samples: 3, different: 2, inSeveralSplits: 1 },
    });
  });
});
