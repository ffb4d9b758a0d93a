import { afterEach, describe, expect, it } from 'vitest';
import { manifest } from '../../../../server/src/datasets/importers/manifest.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

async function read(files: Record<string, string>, options: Record<string, string> = {}) {
  await tree?.remove();
  tree = await imageTree(files);
  return opened(manifest, tree.root, options);
}

describe('a CSV manifest', () => {
  it('gives path, label, split, subject, key and clean label', async () => {
    const { records, source } = await read({
      'manifest.csv':
        '\ufeffpath,label,split,subject,id,clean_label\r\na/1.png,Happy,train,S1,one,sad\r\n"a/2, x.png",sad,val,S2,two,\r\na/3.png,cat,PrivateTest,,three,Cat\r\n'.replace(
          'Cat\r\n',
          'cat\r\n',
        ),
    });
    expect(source.description).toMatchObject({
      classes: ['cat', 'happiness', 'sadness'],
      expectedItems: 3,
      choices: { table: 'manifest.csv' },
    });
    expect(records).toEqual([
      {
        key: 'one',
        split: 'TRAIN',
        imagePath: 'a/1.png',
        rawLabel: 'Happy',
        givenLabelIndex: 1,
        cleanLabelIndex: 2,
        subject: 'S1',
      },
      { key: 'two', split: 'VALIDATION', imagePath: 'a/2, x.png', rawLabel: 'sad', givenLabelIndex: 2, subject: 'S2' },
      {
        key: 'three',
        split: 'TEST',
        imagePath: 'a/3.png',
        rawLabel: 'cat',
        givenLabelIndex: 0,
        cleanLabelIndex: 0,
        subject: null,
      },
    ]);
  });

  it('labels by votes where no label is given, votes for no class kept beside', async () => {
    const { records } = await read({
      'x.csv': 'path,split,votes:anger,votes:fear,votes:unknown\na.png,train,3,6,1\nb.png,test,5,5,\n',
    });
    expect(
      records.map(({ givenLabelIndex, votes, outsideVotes, rawLabel }) => [
        givenLabelIndex,
        votes,
        outsideVotes,
        rawLabel,
      ]),
    ).toEqual([
      [1, [3, 6], { unknown: 1 }, null],
      [0, [5, 5], { unknown: 0 }, null],
    ]);
  });

  it('counts a column for each rater', async () => {
    const { records } = await read({
      'x.tsv':
        'image\tsplit\trater_1\trater_2\trater_3\na.png\ttrain\tAngry\tfear\tanger\nb.png\ttrain\tunknown\t\tfear\n',
    });
    expect(records.map(({ votes, outsideVotes, givenLabelIndex }) => [votes, outsideVotes, givenLabelIndex])).toEqual([
      [[2, 1], undefined, 0],
      [[0, 1], { unknown: 1 }, 1],
    ]);
  });

  it('keeps distributions and brings them to a sum of 1', async () => {
    const { records } = await read({
      'x.csv': 'path;label;split;p_anger;p_fear\na.png;anger;train;0.995;0.0\nb.png;;train;.2;.8\n',
    });
    expect(records.map(({ givenLabelIndex, trueDistribution }) => [givenLabelIndex, trueDistribution])).toEqual([
      [0, [1, 0]],
      [1, [0.2, 0.8]],
    ]);
  });

  it('reports every row it cannot use', async () => {
    const lines = [
      'path,label,split,votes:a,votes:b,p:a,p:b',
      'ok.png,a,train,1,0,1,0',
      ',a,train,1,0,1,0',
      'x.png,a,night,1,0,1,0',
      'x.png,c,train,1,0,1,0',
      'x.png,a,train,-1,0,1,0',
      'x.png,a,train,1,0,NaN,0',
      'x.png,a,train,1,0,.5,.2',
      'x.png,a',
      'x.png,,train,,,,',
    ];
    const rows = reasons(await read({ 'm.csv': lines.join('\n') }, { classes: 'a,b' }));
    expect(rows).toEqual([
      'm.csv:3 the row cannot be used (no path)',
      'm.csv:4 the split is unknown (expected train, validation, test, found "night")',
      'm.csv:5 the label is none of the classes (found "c")',
      'm.csv:6 the votes are not counts (a: "-1")',
      'm.csv:7 the distribution cannot be used (number 1 is "NaN", expected 0 to 1)',
      'm.csv:8 the distribution cannot be used (the sum is 0.700, expected 1)',
      'm.csv:9 the row cannot be used (expected 7 fields, found 2)',
      'm.csv:10 no label (neither label, votes nor distribution)',
    ]);
  });

  it('splits by subject where it names no splits', async () => {
    const lines = Array.from({ length: 600 }, (_, n) => `${n}.png,${n % 2 ? 'a' : 'b'},S${n % 60}`);
    const { records, source } = await read({ 'm.csv': `path,label,subject\n${lines.join('\n')}` });
    const splits = new Map<string, Set<string>>();
    for (const { subject, split } of records) splits.set(subject!, (splits.get(subject!) ?? new Set()).add(split));
    expect([...splits.values()].every((set) => set.size === 1)).toBe(true);
    expect(new Set(records.map(({ split }) => split)).size).toBe(3);
    expect(source.description.choices).toMatchObject({ seed: '1' });
  });

  it.each([
    [
      'a label column of free text',
      { 'm.csv': `path,label\n${Array.from({ length: 1500 }, (_, n) => `${n}.png,text ${n}`).join('\n')}` },
      'at most 1000 classes',
    ],
    ['one class', { 'm.csv': 'path,label\na.png,x\n' }, 'at least two classes'],
    ['no table', { 'notes.txt': 'x' }, 'none in'],
    ['two tables', { 'a.csv': 'path,label\n', 'b.csv': 'path,label\n' }, '["a.csv","b.csv"]'],
    ['an empty table', { 'manifest.csv': '' }, 'an empty file'],
    [
      'a quote that is never closed',
      { 'm.csv': `path,label\n"a.png,x\n${'b.png,y\n'.repeat(200_000)}` },
      'a CSV in m.csv',
    ],
  ])('is refused with %s', async (_, files, message) => {
    await expect(read(files as Record<string, string>)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'table' },
      message: expect.stringContaining(message),
    });
  });

  it('is found by its columns', async () => {
    await read({ 'm.csv': 'path,label\na.png,x\nb.png,y\n', 'a.png': '' });
    expect(await fits(manifest, tree!.root)).toBe(true);
    tree = await imageTree({ 'm.csv': 'name,age\n' });
    expect(await fits(manifest, tree.root)).toBe(false);
  });
});

describe('a JSON lines manifest', () => {
  it('gives votes, distributions and raters as objects and lists', async () => {
    const rows = [
      { path: 'a.png', split: 'train', votes: { anger: 2, fear: 5, unknown: 1 } },
      { path: 'b.png', split: 'test', label: 'fear', distribution: { anger: 0.25, fear: 0.75 } },
      { path: 'c.png', split: 'val', raters: ['fear', 'angry', 'fear'] },
    ];
    const { records, source } = await read({
      'faces.jsonl': `${rows.map((row) => JSON.stringify(row)).join('\n')}\nnot json\n{"path":"d.png","votes":[1,2]}\n`,
    });
    expect(source.description.classes).toEqual(['anger', 'fear']);
    expect(
      records.map(({ key, split, givenLabelIndex, votes, outsideVotes, trueDistribution }) => [
        key,
        split,
        givenLabelIndex,
        votes ?? trueDistribution,
        outsideVotes,
      ]),
    ).toEqual([
      ['a.png', 'TRAIN', 1, [2, 5], { unknown: 1 }],
      ['b.png', 'TEST', 1, [0.25, 0.75], undefined],
      ['c.png', 'VALIDATION', 1, [1, 2], undefined],
    ]);
    expect(reasons(await opened(manifest, tree!.root))).toEqual([
      'faces.jsonl:4 the row cannot be used (the line is no JSON object)',
      'faces.jsonl:5 the row cannot be used (votes and distribution have to be objects from class to number)',
    ]);
  });
});
