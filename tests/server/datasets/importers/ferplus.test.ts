import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ferplus } from '../../../../server/src/datasets/importers/ferplus.js';
import {
  ferplusColumns,
  labelOfVotes,
  type VoteRule,
} from '../../../../server/src/datasets/importers/ferplus-votes.js';
import type { ImportItem, ImportRecord } from '../../../../server/src/datasets/importers/importer.js';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import { collected, type ImageTree, imageTree, small } from '../image-tree.js';

const fixture = new URL('../../../fixtures/ferplus/fer2013new.csv.gz', import.meta.url);

describe('the vote rules on all rows of fer2013new.csv', async () => {
  const lines = gunzipSync(await readFile(fixture))
    .toString('utf8')
    .trim()
    .split(/\r?\n/);
  const rows = lines.slice(1).map((line) => line.split(','));
  const kept = (rule: VoteRule): Record<string, number> => {
    const counts: Record<string, number> = { Training: 0, PublicTest: 0, PrivateTest: 0 };
    for (const [usage, name, ...votes] of rows)
      if (name && 'label' in labelOfVotes(votes.map(Number), rule)) counts[usage!]!++;
    return counts;
  };

  it('reads the columns in the order of the file', () => {
    expect(lines[0]).toBe(`Usage,Image name,${ferplusColumns.join(',')}`);
    expect(rows).toHaveLength(35887);
  });

  it('keep as many images by majority as the authors', () => {
    expect(kept('majority')).toEqual({ Training: 25060, PublicTest: 3199, PrivateTest: 3153 });
  });

  it.each([
    ['probability', { Training: 27956, PublicTest: 3505, PrivateTest: 3505 }],
    ['multi-target', { Training: 27671, PublicTest: 3472, PrivateTest: 3472 }],
  ] as const)('keep as many images by %s as the published code', (rule, counts) => {
    expect(kept(rule)).toEqual(counts);
  });

  it('keep as many images by plurality as the authors', () => {
    expect(kept('plurality')).toEqual({ Training: 28389, PublicTest: 3553, PrivateTest: 3546 });
  });
});

describe('a vote rule', () => {
  //        neutral happy surprise sad anger disgust fear contempt unknown NF
  it.each([
    ['takes single votes for slips', [5, 1, 1, 1, 1, 1, 0, 0, 0, 0], 'majority', { label: 0 }],
    ['wants more than half, not half', [5, 5, 0, 0, 0, 0, 0, 0, 0, 0], 'majority', { reason: 'no majority' }],
    ['gives the first column in a tie of pluralities', [0, 0, 4, 4, 2, 0, 0, 0, 0, 0], 'plurality', { label: 2 }],
    ['drops what unknown wins', [2, 0, 0, 0, 0, 0, 0, 0, 8, 0], 'majority', { reason: 'the votes say unknown' }],
    ['drops what NF wins', [1, 0, 0, 0, 0, 0, 0, 0, 0, 9], 'plurality', { reason: 'the votes say NF' }],
    [
      'finds no label in single votes only',
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      'majority',
      { reason: 'no choice has more than one vote' },
    ],
    [
      'takes the most probable until they hold three quarters',
      [4, 4, 2, 0, 0, 0, 0, 0, 0, 0],
      'probability',
      { label: 0 },
    ],
    [
      'finds more than three equals too scattered',
      [2, 2, 2, 2, 2, 0, 0, 0, 0, 0],
      'probability',
      { reason: 'the votes are too scattered' },
    ],
    ['leaves unknown out behind emotions', [0, 6, 0, 0, 0, 0, 0, 0, 4, 0], 'probability', { label: 1 }],
    ['drops what unknown leads', [0, 3, 0, 0, 0, 0, 0, 0, 7, 0], 'probability', { reason: 'the votes say unknown' }],
    ['takes every target of 30 %', [0, 3, 3, 0, 4, 0, 0, 0, 0, 0], 'multi-target', { label: 4 }],
    [
      'finds targets below half too scattered',
      [4, 2, 2, 2, 0, 0, 0, 0, 0, 0],
      'multi-target',
      { reason: 'the votes are too scattered' },
    ],
    ['counts unknown among what remains', [5, 0, 0, 0, 0, 0, 0, 0, 5, 0], 'majority', { reason: 'no majority' }],
  ] as const)('%s', (_, votes, rule, verdict) => {
    expect(labelOfVotes(votes, rule)).toEqual(verdict);
  });
});

const open = async (directory: string, options: Record<string, string>) =>
  ferplus.open(await SourceDirectory.open(directory, { filesAnywhere: true }), options);

describe('the FER+ importer', () => {
  let tree: ImageTree;
  const header = `Usage,Image name,${ferplusColumns.join(',')}`;
  beforeAll(async () => {
    tree = await imageTree({
      'FER2013Train/fer0000000.png': small,
      'FER2013Train/fer0000001.png': small,
      'FER2013Train/fer0000002.png': small,
      'FER2013Train/fer0000003.png': small,
      'FER2013Valid/fer0000004.png': small,
      'FER2013Test/fer0000005.png': small,
      'FER2013Train/label.csv':
        'fer0000000.png,"(0, 0, 48, 48)",0,0,0,9,1,0,0,0,0,0\nfer0000009.png,"(0, 0, 48, 48)",9,0,0,0,1,0,0,0,0,0\n',
      'FER2013Valid/label.csv': 'fer0000004.png,"(0, 0, 48, 48)",0,0,0,0,10,0,0,0,0\n',
      'FER2013Test/label.csv': '',
      'fer2013new.csv': [
        header,
        'Training,fer0000000.png,8,0,0,1,0,0,0,0,1,0',
        'Training,,0,0,0,0,0,0,0,0,0,10',
        'Training,fer0000001.png,0,4,4,0,0,0,0,0,2,0',
        'Training,fer0000002.png,9,0,0,0,0,0,0,0,0,0',
        'Training,fer0000002.png,9,0,0,0,0,0,0,0,0,0',
        'Training,fer0000003.png,9,1,0,0,0,0,0,0,0,0',
        'Training,fer0000003.png,1,9,0,0,0,0,0,0,0,0',
        'Training,fer0000008.png,9,1,0,0,0,0,0,0,0,0',
        'PublicTest,fer0000004.png,0,0,0,0,0,0,0,7,3,0',
        'PrivateTest,fer0000005.png,0,x,0,0,0,0,0,7,3,0',
        'Elsewhere,fer0000006.png,0,10,0,0,0,0,0,0,0,0',
      ].join('\r\n'),
      'hard.csv':
        'image,split,fer2013_label,ambiguous_duplicate\nfer0000000.png,FER2013Train,Sadness,0\nfer0000004.png,FER2013Valid,bored,0\n',
    });
  });
  afterAll(() => tree.remove());

  const read = async (options: Record<string, string> = {}): Promise<ImportItem[]> =>
    collected((await open(tree.root, options)).items());
  const records = (items: ImportItem[]): ImportRecord[] =>
    items.flatMap((item) => ('record' in item ? [item.record] : []));
  const skipped = (items: ImportItem[]): unknown[] =>
    items.flatMap((item) => ('skipped' in item ? [[item.skipped.line, item.skipped.key, item.skipped.reason]] : []));

  it('keeps the votes as they are and labels by majority', async () => {
    const items = await read();
    expect(records(items)).toEqual([
      {
        key: 'fer0000000.png',
        split: 'TRAIN',
        imagePath: 'FER2013Train/fer0000000.png',
        rawLabel: null,
        givenLabelIndex: 0,
        cleanLabelIndex: null,
        votes: [8, 0, 0, 1, 0, 0, 0, 0],
        outsideVotes: { unknown: 1, NF: 0 },
      },
      {
        key: 'fer0000002.png',
        split: 'TRAIN',
        imagePath: 'FER2013Train/fer0000002.png',
        rawLabel: null,
        givenLabelIndex: 0,
        cleanLabelIndex: null,
        votes: [9, 0, 0, 0, 0, 0, 0, 0],
        outsideVotes: { unknown: 0, NF: 0 },
      },
      {
        key: 'fer0000004.png',
        split: 'VALIDATION',
        imagePath: 'FER2013Valid/fer0000004.png',
        rawLabel: null,
        givenLabelIndex: 7,
        cleanLabelIndex: null,
        votes: [0, 0, 0, 0, 0, 0, 0, 7],
        outsideVotes: { unknown: 3, NF: 0 },
      },
    ]);
  });

  it('reports every other line with its number and the reason', async () => {
    expect(skipped(await read())).toEqual([
      [3, null, 'no image name'],
      [4, 'fer0000001.png', 'no majority'],
      [6, 'fer0000002.png', 'the image stands twice, with the same votes'],
      [7, 'fer0000003.png', 'the image stands twice, with different votes'],
      [8, 'fer0000003.png', 'the image stands twice, with different votes'],
      [9, 'fer0000008.png', 'no image file of this name'],
      [11, 'fer0000005.png', 'the votes are not ten counts'],
      [12, 'fer0000006.png', 'the usage is none of Training, PublicTest, PrivateTest'],
    ]);
  });

  it('keeps by plurality what has no majority', async () => {
    const kept = records(await read({ 'vote-rule': 'plurality' }));
    expect(kept.map((record) => [record.key, record.givenLabelIndex])).toContainEqual(['fer0000001.png', 1]);
  });

  it('reads the label.csv of each folder when asked to', async () => {
    const items = await read({ annotations: 'label' });
    expect(records(items).map((record) => [record.key, record.givenLabelIndex, record.votes])).toEqual([
      ['fer0000000.png', 3, [0, 0, 0, 9, 1, 0, 0, 0]],
    ]);
    expect(skipped(items)).toEqual([
      [2, 'fer0000009.png', 'no image file of this name'],
      [1, 'fer0000004.png', 'the votes are not ten counts'],
    ]);
    expect((await open(tree.root, { annotations: 'label' })).description.choices).toEqual({
      'vote-rule': 'majority',
      annotations: 'label.csv',
      pictures: 'folders',
    });
  });

  it('gives hard labels from a file and keeps the label of the votes as the clean one', async () => {
    const source = await open(tree.root, { 'hard-labels': `${tree.root}/hard.csv` });
    const items = await collected(source.items());
    expect(
      records(items).map(({ key, rawLabel, givenLabelIndex, cleanLabelIndex }) => [
        key,
        rawLabel,
        givenLabelIndex,
        cleanLabelIndex,
      ]),
    ).toEqual([['fer0000000.png', 'Sadness', 3, 0]]);
    expect(skipped(items)).toContainEqual([5, 'fer0000002.png', 'no line in the file of hard labels']);
    expect(skipped(items)).toContainEqual([10, 'fer0000004.png', 'the hard label is no class of FER+']);
    expect(source.description.choices).toMatchObject({ 'hard-labels': 'hard.csv' });
  });

  it('gives the same items when it is read again', async () => {
    const source = await open(tree.root, {});
    expect(await collected(source.items())).toEqual(await collected(source.items()));
  });

  it.each([
    ['a directory of another layout', 'hard.csv/..//FER2013Train', {}, 'directory'],
    ['a directory that does not exist', 'nowhere', {}, 'directory'],
    ['a rule it does not know', '.', { 'vote-rule': 'median' }, 'vote-rule'],
    ['an option it does not have', '.', { seed: '1' }, 'seed'],
    ['hard labels that are not there', '.', { 'hard-labels': '/nowhere.csv' }, 'hard-labels'],
    ['hard labels without the columns', '.', { 'hard-labels': 'TREE/fer2013new.csv' }, 'hard-labels'],
  ])('refuses %s', async (_, directory, options, argument) => {
    const given = Object.fromEntries(
      Object.entries(options).map(([flag, value]) => [flag, value.replace('TREE', tree.root)]),
    );
    await expect(open(`${tree.root}/${directory}`, given)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: argument },
    });
  });
});
