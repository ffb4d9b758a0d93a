import { describe, expect, it } from 'vitest';
import { reasons } from './opened.js';
import { isTaken, labelled, notes, read } from './read-manifest.js';

describe('several tables', () => {
  const header = 'image,label\n';

  it('are splits where their names say so', async () => {
    const found = await read({
      'train_labels.csv': `${header}a.png,x\nb.png,y\n`,
      'val.csv': `${header}c.png,x\n`,
      'test_labels.csv': `${header}d.png,y\n`,
    });
    expect(found.records.map(({ imagePath, split }) => `${split} ${imagePath}`).sort()).toEqual([
      'TEST d.png',
      'TRAIN a.png',
      'TRAIN b.png',
      'VALIDATION c.png',
    ]);
    expect(notes(found)).toContain('3 tables were read');
  });

  it('lie one in each folder of a split, with names beside them', async () => {
    const found = await read(
      {
        'train/metadata.csv': 'file_name,label\n1.png,x\n2.png,y\n',
        'test/metadata.csv': 'file_name,label\n1.png,y\n',
      },
      ['train/1.png', 'train/2.png', 'test/1.png'],
    );
    expect(found.records.map(({ imagePath, split }) => `${split} ${imagePath}`).sort()).toEqual([
      'TEST test/1.png',
      'TRAIN train/1.png',
      'TRAIN train/2.png',
    ]);
  });

  it('that do not say what they are have to be named', async () => {
    const tables = { 'a.csv': `${header}1.png,x\n`, 'b.csv': `${header}2.png,y\n` };
    await expect(read(tables)).rejects.toMatchObject({ details: { path: 'table', found: ['a.csv', 'b.csv'] } });
    expect((await read(tables, [], { table: 'a.csv,b.csv' })).records).toHaveLength(2);
  });

  it('without labels are left alone', async () => {
    expect(labelled(await read({ 'train.csv': `${header}a.png,x\nb.png,y\n`, 'test.csv': 'image\nc.png\n' }))).toEqual([
      'a.png x',
      'b.png y',
    ]);
  });
});

describe('pictures that are not where the table says', () => {
  it('are found by name below the directory, and the report says so', async () => {
    const found = await read({ 'm.csv': 'path,label\n1.jpg,x\n2.JPG,y\n' }, ['DATASET/a/1.jpg', 'DATASET/b/2.png']);
    expect(labelled(found)).toEqual(['DATASET/a/1.jpg x', 'DATASET/b/2.png y']);
    expect(notes(found)).toContain(
      '2 pictures were not where the list says and found by name: "1.jpg" as DATASET/a/1.jpg',
    );
  });

  it.each([
    '/mnt/faces/pics/a.png',
    'D:\\sets\\faces\\pics\\a.png',
    '../faces/pics/a.png',
    './pics/a.png',
    'file:///data/pics/a.png',
    'pics\\a.png',
  ])('on another machine, %s, are found', async (given) => {
    expect(
      labelled(
        await read({ 'm.jsonl': `${JSON.stringify({ path: given, label: 'x' })}\n{"path":"b.png","label":"y"}\n` }, [
          'pics/a.png',
        ]),
      )[0],
    ).toBe('pics/a.png x');
  });

  it('are never another picture of the same name', async () => {
    const { records } = await read({ 'm.csv': 'path,label\ntrain/a/1.png,x\ntest/b/2.png,y\n' }, [
      'test/a/1.png',
      'test/b/2.png',
      'train/b/3.png',
    ]);
    expect(records.map(({ imagePath }) => imagePath)).toEqual(['train/a/1.png', 'test/b/2.png']);
  });

  it.each([
    ['a folder that is missing', '5/a.png', ['1/a.png']],
    ['a folder that is missing, of another machine', '/mnt/5/a.png', ['1/a.png']],
    ['a subject that is missing', 's1/001/a.png', ['s2/001/a.png']],
  ])('in %s are missing', async (_, given, pictures) => {
    expect((await read({ 'm.csv': `path,label\n${given},x\nb.png,y\n` }, pictures)).records[0]!.imagePath).not.toBe(
      pictures[0],
    );
  });

  it('of which several have the name are not guessed', async () => {
    const { records } = await read({ 'm.csv': 'path,label\n1.png,x\n2.png,y\n' }, ['a/1.png', 'b/1.png', 'a/2.png']);
    expect(records.map(({ imagePath, imageHint }) => [imagePath, imageHint])).toEqual([
      ['1.png', 'several pictures of this name are below the directory: a/1.png, b/1.png'],
      ['a/2.png', undefined],
    ]);
  });

  it('that lead out are explained', async () => {
    const { records } = await read({ 'm.csv': 'path,label\n../out/1.png,x\nb.png,y\n' });
    expect(records[0]!.imageHint).toContain('"../out/1.png" leads out of the directory');
  });

  it('belong to another directory where none is here', async () => {
    await read({ 'm.csv': 'path,label\n1.png,x\n2.png,y\n' }, ['other/3.png']);
    expect(await isTaken()).toBe(false);
  });
});

it('a file that stands for another is named', async () => {
  await expect(read({ 'm.csv': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n' })).rejects.toThrow(
    /Git LFS pointer/,
  );
  await expect(read({ 'm.xlsx': 'PK' })).rejects.toThrow(/Excel workbook/);
  expect(reasons(await read({ 'm.csv': 'path,label\na.png,x\nb.png,y\nc.png\n' }))).toEqual([
    'm.csv:4 the row cannot be used (expected 2 fields, found 1)',
  ]);
});
