import { describe, expect, it } from 'vitest';
import { labelled, notes, read } from './read-manifest.js';

describe('ratings', () => {
  it('are counted where each row is one, by rater', async () => {
    const rows = ['1.png,anna,x', '1.png,ben,x', '1.png,cleo,y', '2.png,anna,y', '2.png,ben,y', '2.png,cleo,y'];
    const found = await read({ 'm.csv': `image,annotator_id,label\n${rows.join('\n')}\n` });
    expect(
      found.records.map(({ imagePath, votes, ratings, givenLabelIndex }) => [
        imagePath,
        votes,
        ratings,
        givenLabelIndex,
      ]),
    ).toEqual([
      [
        '1.png',
        [2, 1],
        [
          { rater: 'anna', label: 0 },
          { rater: 'ben', label: 0 },
          { rater: 'cleo', label: 1 },
        ],
        0,
      ],
      [
        '2.png',
        [0, 3],
        [
          { rater: 'anna', label: 1 },
          { rater: 'ben', label: 1 },
          { rater: 'cleo', label: 1 },
        ],
        1,
      ],
    ]);
    expect(found.skipped).toEqual([]);
    expect(notes(found)).toContain('6 ratings of 2 pictures');
  });

  it('are counted where most pictures stand in several rows, without a word on who', async () => {
    const found = await read({ 'm.csv': 'image,label\n1.png,x\n1.png,y\n1.png,y\n2.png,x\n2.png,x\n3.png,y\n' });
    expect(found.records.map(({ votes }) => votes)).toEqual([
      [1, 2],
      [2, 0],
      [0, 1],
    ]);
    expect(notes(found)).toContain('Each row was taken for a rating, as most pictures stand in several');
  });

  it.each(['participant', 'coder_', 'worker ', 'annotator', 'rater'])(
    'are counted where each rater has a column, %s0 and so on, as numbers too',
    async (word) => {
      const found = await read(
        { 'm.csv': `image,original,${word}0,${word}1,${word}2\na.png,0,7,7,0\nb.png,0,0,0,7\n` },
        [],
        { classes: '0=joy,7=neutral' },
      );
      expect(found.source.description.classes).toEqual(['happiness', 'neutral']);
      expect(found.records.map(({ votes }) => votes)).toEqual([
        [1, 2],
        [2, 1],
      ]);
      expect(found.records[0]!.ratings).toEqual([
        { rater: `${word}0`.trim(), label: 1 },
        { rater: `${word}1`.trim(), label: 1 },
        { rater: `${word}2`.trim(), label: 0 },
      ]);
    },
  );
});

describe('classes', () => {
  it('that are numbers stand in the order of their values, and the report says how to name them', async () => {
    const found = await read({
      'm.csv': `path,label\n${[0, 10, 2, 1].map((code) => `${code}.png,${code}`).join('\n')}\n`,
    });
    expect(found.source.description.classes).toEqual(['0', '1', '2', '10']);
    expect(notes(found)).toContain('name them with --classes');
  });

  it('are named by a file beside: by its order, or by its codes', async () => {
    const table = { 'm.csv': 'path,label\na.png,2\nb.png,0\n' };
    expect(labelled(await read({ ...table, 'classes.txt': 'anger\nfear\njoy\n' }))).toEqual([
      'a.png happiness',
      'b.png anger',
    ]);
    expect(labelled(await read({ ...table, 'classes.txt': '2 anger\n0 fear\n' }))).toEqual([
      'a.png anger',
      'b.png fear',
    ]);
    expect(
      (await read({ 'm.csv': 'path,label\na.png,y\nb.png,x\n', 'classes.txt': 'y\nx\nz\n' })).source.description
        .classes,
    ).toEqual(['y', 'x', 'z']);
    await expect(
      read({ 'm.csv': 'path,label\na.png,1\nb.png,2\n', 'classes.txt': 'anger\nfear\njoy\n' }),
    ).rejects.toThrow(/3 names, which may begin with 0 or 1/);
  });

  it('are those of a data set whose codes are known', async () => {
    expect(labelled(await read({ 'm.csv': 'path,label\na.png,1\nb.png,7\n' }, [], { classes: 'raf-db' }))).toEqual([
      'a.png surprise',
      'b.png neutral',
    ]);
    await expect(read({ 'm.csv': 'path,label\na.png,0\nb.png,7\n' }, [], { classes: 'raf-db' })).rejects.toMatchObject({
      details: { path: 'classes', found: '0' },
    });
  });

  it('are compared with the folders, of which the table is right', async () => {
    const found = await read(
      {
        'labels.csv':
          ',pth,label,relFCs\n0,anger/1.png,surprise,.3\n1,anger/2.png,anger,.3\n2,surprise/3.png,surprise,.3\n',
      },
      ['anger/1.png', 'anger/2.png', 'surprise/3.png'],
    );
    expect(labelled(found)[0]).toBe('anger/1.png surprise');
    expect(notes(found)).toContain(
      'Folders and table differ for 1 of 3 pictures, such as anger/1.png (surprise in the table)',
    );
  });

  it('of composed and decomposed letters are one', async () => {
    expect(
      (await read({ 'm.csv': 'path,label\na.png,e\u0301\nb.png,\u00e9\nc.png,z\n' })).source.description.classes,
    ).toEqual(['z', 'é']);
  });
});
