import { describe, expect, it } from 'vitest';
import { labelled, notes, read } from './read-manifest.js';

describe('a header', () => {
  it.each([
    ['below the separator that Excel names', 'sep=;\r\npath;label\r\na.png;x\r\nb.png;y\r\n'],
    ['below comments', '# exported\n# by hand, twice\npath,label\na.png,x\nb.png,y\n'],
    ['below a title', 'My faces 2026;;\n;;\npath;label;note\na.png;x;\nb.png;y;\n'],
  ])('is found %s', async (_, text) => {
    expect(labelled(await read({ 'm.csv': text }, ['a.png', 'b.png']))).toEqual(['a.png x', 'b.png y']);
  });

  it('may call pictures by an id, which is their name without its ending', async () => {
    const found = await read({ 'm.csv': 'id,label\n1,x\n2,y\n' }, ['train/1.png', 'train/2.png']);
    expect(labelled(found)).toEqual(['train/1.png x', 'train/2.png y']);
  });

  it('whose rows are all cut off is refused with the first of them', async () => {
    await expect(read({ 'm.csv': 'path,label,note\na.png,x\nb.png,y\n' })).rejects.toThrow(
      'm.csv:2: expected 3 fields, found 2',
    );
  });
});

describe('columns called by classes', () => {
  it('hold votes where they hold counts, choices that are no class beside', async () => {
    const { records, source } = await read({
      'm.csv': 'Image name,neutral,happiness,unknown\na.png,7,2,1\nb.png,1,9,0\n',
    });
    expect(source.description.classes).toEqual(['happiness', 'neutral']);
    expect(records.map(({ votes, outsideVotes, givenLabelIndex }) => [votes, outsideVotes, givenLabelIndex])).toEqual([
      [[2, 7], { unknown: 1 }, 1],
      [[9, 1], { unknown: 0 }, 0],
    ]);
  });

  it('hold a distribution where they hold shares, beside a label too', async () => {
    const { records } = await read({ 'm.csv': 'image,label,Happy,Sad\na.png,happy,0.6,0.4\nb.png,sad,30 %,70 %\n' });
    expect(records.map(({ trueDistribution }) => trueDistribution)).toEqual([
      [0.6, 0.4],
      [0.3, 0.7],
    ]);
  });

  it('hold the label where one is 1, whatever the classes are called', async () => {
    const found = await read({ '_classes.csv': 'filename, cat, dog\na.png, 1, 0\nb.png, 0, 1\nc.png, 0, 0\n' });
    expect(labelled(found)).toEqual(['a.png cat', 'b.png dog']);
    expect(found.records[0]).not.toHaveProperty('votes');
    expect(found.skipped.map(({ reason }) => reason)).toEqual(['no label']);
  });
});

describe('raters', () => {
  it('who chose nothing are left out, however a program writes that', async () => {
    const rows = 'a.png;Happy;Sad;Happy\nb.png;Happy;n/a;NA\nc.png;-;?;Sad\n';
    const { records, source } = await read({ 'm.csv': `Image;Coder A;Coder B;Coder C\n${rows}` });
    expect(source.description.classes).toEqual(['happiness', 'sadness']);
    expect(records.map(({ votes }) => votes)).toEqual([
      [2, 1],
      [1, 0],
      [0, 1],
    ]);
  });

  it('may be called R1, R2 beside a stimulus', async () => {
    const { records } = await read({ 'm.csv': 'stimulus,R1,R2,R3\na.png,happy,happy,sad\nb.png,sad,sad,sad\n' });
    expect(records.map(({ votes }) => votes)).toEqual([
      [2, 1],
      [0, 3],
    ]);
  });

  it('whose columns cannot be known are refused with how to call them', async () => {
    await expect(read({ 'm.csv': 'file,anna,ben\na.png,happy,sad\nb.png,sad,sad\n' })).rejects.toThrow(
      'columns of what one rater chose are called rater_1, rater:anna or participant0',
    );
  });
});

describe('boxes', () => {
  const pictures = ['a.png', 'b.png'];
  const faces = 'a.png,0,0,4,4,x\na.png,4,0,8,6,y\nb.png,0,0,4,4,x\n';

  it('make each row a face where pictures stand in several, never ratings of one picture', async () => {
    const found = await read({ 'm.csv': `image,xmin,ymin,xmax,ymax,label\n${faces}` }, pictures);
    expect(found.records.map(({ key, votes }) => [key, votes])).toEqual([
      ['a.png#1', undefined],
      ['a.png#2', undefined],
      ['b.png#1', undefined],
    ]);
    expect(found.records.every(({ image }) => image !== undefined)).toBe(true);
    expect(found.source.description).toMatchObject({ makesImages: true, choices: { crop: 'box' } });
    expect(notes(found)).toContain('The box of each row was cut out');
  });

  it('leave pictures whole where each stands once, and the report says so', async () => {
    const text =
      'image,face_box_top,face_box_left,face_box_right,face_box_bottom,label\na.png,0,0,4,4,x\nb.png,0,0,4,4,y\n';
    const found = await read({ 'm.csv': text }, pictures);
    expect(found.records.map(({ image }) => image)).toEqual([undefined, undefined]);
    expect(notes(found)).toContain('--crop box cuts it out');
  });

  it('are needed where they are asked for', async () => {
    await expect(read({ 'm.csv': 'image,label\na.png,x\nb.png,y\n' }, pictures, { crop: 'box' })).rejects.toThrow(
      /crop: expected columns of a box/,
    );
  });
});

describe('JSON', () => {
  const pictures = ['f/a.png', 'f/b.png'];

  it.each([
    [
      'a list of records',
      [
        { file: 'f/a.png', emotion: 'x' },
        { file: 'f/b.png', emotion: 'y' },
      ],
    ],
    [
      'the one list of an object',
      {
        version: 1,
        samples: [
          { path: 'f/a.png', label: 'x' },
          { path: 'f/b.png', label: 'y' },
        ],
      },
    ],
    ['an object from path to label', { 'a.png': 'x', 'b.png': 'y' }],
    ['an object from path to record', { 'f/a.png': { label: 'x' }, 'f/b.png': { label: 'y' } }],
  ])('is read as %s', async (_, value) => {
    expect(labelled(await read({ 'labels.json': JSON.stringify(value) }, pictures))).toEqual([
      'f/a.png x',
      'f/b.png y',
    ]);
  });

  it('of COCO is refused by name', async () => {
    const coco = JSON.stringify({ images: [{ id: 1 }], annotations: [{ id: 1 }], categories: [{ id: 1 }] });
    await expect(read({ 'a.json': coco }, pictures, { table: 'a.json' })).rejects.toThrow(/annotations of COCO/);
  });
});

describe('labels that differ in letters’ case', () => {
  it('are one class, and the report says so', async () => {
    const found = await read({ 'm.csv': 'path,label\na.png,Cat\nb.png,CAT\nc.png,dog\n' });
    expect(found.source.description.classes).toEqual(['Cat', 'dog']);
    expect(notes(found)).toContain('CAT for Cat');
  });
});

describe('tables of splits', () => {
  it('may name different pictures alike: neither ratings nor doubles', async () => {
    const rows = (count: number): string =>
      `file_name,label\n${Array.from({ length: count }, (_, n) => `${n}.png,${n % 2 ? 'x' : 'y'}`).join('\n')}\n`;
    const pictures = ['train/0.png', 'train/1.png', 'train/2.png', 'test/0.png', 'test/1.png'];
    const found = await read({ 'train/metadata.csv': rows(3), 'test/metadata.csv': rows(2) }, pictures);
    expect(found.records.map(({ key, imagePath, split, votes }) => [key, imagePath, split, votes])).toEqual(
      ['test/0', 'test/1', 'train/0', 'train/1', 'train/2'].map((name) => [
        `${name}.png`,
        `${name}.png`,
        name.startsWith('test') ? 'TEST' : 'TRAIN',
        undefined,
      ]),
    );
  });
});
