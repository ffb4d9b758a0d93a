import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { affectnetCache } from '../../../../server/src/datasets/importers/affectnet-cache.js';
import { affectnetCsv } from '../../../../server/src/datasets/importers/affectnet-csv.js';
import { affectnetNpy } from '../../../../server/src/datasets/importers/affectnet-npy.js';
import { type ImageTree, imageTree, small } from '../image-tree.js';
import { fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

const header = 'subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal';
const row = (name: string, expression: number | string, box = '1,1,4,3'): string =>
  `${name},${box},1.0;2.0,${expression},0.1,-2`;

describe('AffectNet as csv', () => {
  const csvTree = async (): Promise<string> => {
    tree = await imageTree({
      'Manually_Annotated_Images/1/a.jpg': small,
      'Manually_Annotated_Images/2/b.jpg': small,
      'training.csv': [
        header,
        row('1/a.JPG', 1),
        row('2/b.jpg', 7),
        '3/c.jpg,1,2',
        row('4/d.jpg', 8),
        row('4/e.jpg', 9),
        row('4/f.jpg', 10),
        row('4/g.jpg', 'x'),
      ].join('\r\n'),
      'validation.csv': [header, row('5/a.jpg', 0)].join('\n'),
    });
    return tree.root;
  };

  it('maps codes by name, finds files whatever the case of their endings, and serves validation as test', async () => {
    const { records, source } = await opened(affectnetCsv, await csvTree());
    expect(records).toEqual([
      {
        key: '1/a.JPG',
        split: 'TRAIN',
        imagePath: 'Manually_Annotated_Images/1/a.jpg',
        rawLabel: '1',
        givenLabelIndex: 1,
      },
      {
        key: '2/b.jpg',
        split: 'TRAIN',
        imagePath: 'Manually_Annotated_Images/2/b.jpg',
        rawLabel: '7',
        givenLabelIndex: 7,
      },
      {
        key: '5/a.jpg',
        split: 'TEST',
        imagePath: 'Manually_Annotated_Images/5/a.jpg',
        rawLabel: '0',
        givenLabelIndex: 0,
      },
    ]);
    expect(source.description).toMatchObject({
      classes: ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt'],
      expectedItems: 8,
    });
  });

  it('reports the broken record and rows without a face or an expression', async () => {
    expect(reasons(await opened(affectnetCsv, await csvTree()))).toEqual([
      'training.csv:4 the record is broken (expected 9 fields, found 3)',
      'training.csv:5 the expression is "none"',
      'training.csv:6 the expression is "uncertain"',
      'training.csv:7 the expression is "no face"',
      'training.csv:8 the expression is no code of AffectNet (expected 0 to 10, found "x")',
    ]);
  });

  it('drops contempt with seven classes', async () => {
    const read = await opened(affectnetCsv, await csvTree(), { classes: '7', 'validation-as': 'validation' });
    expect(read.source.description.classes).toHaveLength(7);
    expect(reasons(read)).toContain('training.csv:3 contempt is left out');
    expect(read.records.map(({ split }) => split)).toEqual(['TRAIN', 'VALIDATION']);
  });

  it('cuts the face out where asked', async () => {
    const { records, source } = await opened(affectnetCsv, await csvTree(), { crop: 'face' });
    expect(source.description.makesImages).toBe(true);
    expect((await records[0]!.image!()).length).toBeGreaterThan(0);
    await expect(records[2]!.image!()).rejects.toThrow('no such file');
  });

  it('is refused with another header, by the names that are missing', async () => {
    tree = await imageTree({ 'training.csv': 'path;label\n' });
    expect(await fits(affectnetCsv, tree.root)).toBe(false);
    await expect(opened(affectnetCsv, tree.root)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('found "the first line \\"path;label\\""'),
    });
  });
});

describe('AffectNet as it is downloaded', () => {
  const files = (header: string): Record<string, string> => ({
    'Manually_Annotated_file_lists/training.csv': [header, row('1/a.JPG', 1), row('1/b.jpg', 9)].join('\r\n'),
    'Manually_Annotated_file_lists/validation.csv': [row('2/c.jpeg', 0), row('2/d.png', 6)].join('\n'),
  });
  const pictures = {
    'Manually_Annotated_Images/1/a.JPG': small,
    'Manually_Annotated_Images/2/c.jpeg': small,
    'Manually_Annotated_Images/2/d.png': small,
  };

  it('has its lists in a folder of their own, that of the validation without a header', async () => {
    tree = await imageTree({ ...files(header), ...pictures });
    expect(await fits(affectnetCsv, tree.root)).toBe(true);
    const read = await opened(affectnetCsv, tree.root);
    expect(
      read.records.map(({ key, split, givenLabelIndex, imagePath }) => [key, split, givenLabelIndex, imagePath]),
    ).toEqual([
      ['1/a.JPG', 'TRAIN', 1, 'Manually_Annotated_Images/1/a.JPG'],
      ['2/c.jpeg', 'TEST', 0, 'Manually_Annotated_Images/2/c.jpeg'],
      ['2/d.png', 'TEST', 6, 'Manually_Annotated_Images/2/d.png'],
    ]);
    expect(reasons(read)).toEqual(['Manually_Annotated_file_lists/training.csv:3 the expression is "uncertain"']);
  });

  it('is read with semicolons, in UTF-16, and with its pictures elsewhere', async () => {
    const semicolons = [header, row('1/a.JPG', 1)].join('\n').replaceAll(';', ' ').replaceAll(',', ';');
    tree = await imageTree({ 'lists/Training.csv': '', 'faces/1/a.jpg': small });
    await writeFile(`${tree.root}/lists/Training.csv`, Buffer.from(`\ufeff${semicolons}`, 'utf16le'));
    const { records, source } = await opened(affectnetCsv, tree.root);
    expect(records.map(({ imagePath, givenLabelIndex }) => [imagePath, givenLabelIndex])).toEqual([
      ['faces/1/a.jpg', 1],
    ]);
    expect(source.notes!().join()).toContain('found by name');
  });

  it.each([
    [8, /codes up to 8 and no 0: they may count from 1/],
    [7, null],
  ])('is never read as counted from 0 where the codes are 1 to %i', async (last, refusal) => {
    const rows = Array.from({ length: last }, (_, n) => row(`${n}.jpg`, n + 1));
    tree = await imageTree({ 'training.csv': [header, ...rows].join('\n') });
    const read = opened(affectnetCsv, tree.root);
    if (refusal !== null) await expect(read).rejects.toThrow(refusal);
    else expect((await read).source.notes!().join(' ')).toContain('--classes 1=neutral,2=happiness');
  });

  it('has the classes that a person names', async () => {
    tree = await imageTree({ ...files(header), ...pictures });
    const read = await opened(affectnetCsv, tree.root, { classes: 'anger,neutral' });
    expect(read.source.description.classes).toEqual(['anger', 'neutral']);
    expect(read.records.map(({ key, givenLabelIndex }) => [key, givenLabelIndex])).toEqual([
      ['2/c.jpeg', 1],
      ['2/d.png', 0],
    ]);
    expect(reasons(read)).toContain(
      'Manually_Annotated_file_lists/training.csv:2 the label is none of the classes (found "happiness")',
    );
  });
});

/** What numpy.save writes for an array of no dimension. */
function npy(descr: string, data: Buffer, shape = '()'): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const header = Buffer.from(`${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`, 'latin1');
  const head = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0]);
  head.writeUInt16LE(header.length, 8);
  return Buffer.concat([head, header, data]);
}

describe('AffectNet as npy', () => {
  const npyTree = async (annotations: Record<string, Buffer>): Promise<string> => {
    tree = await imageTree({
      'train_set/images/1.jpg': small,
      'train_set/annotations/1_aro.npy': '',
      'val_set/images/2.jpg': small,
      'val_set/annotations/none.txt': '',
    });
    for (const [name, bytes] of Object.entries(annotations)) await writeFile(`${tree.root}/${name}`, bytes);
    return tree.root;
  };

  it('reads codes as integers and as unicode texts', async () => {
    const text = Buffer.alloc(4);
    text.writeUInt32LE('3'.codePointAt(0)!);
    const root = await npyTree({
      'train_set/annotations/1_exp.npy': npy('<i8', Buffer.from([6, 0, 0, 0, 0, 0, 0, 0])),
      'val_set/annotations/2_exp.npy': npy('<U1', text),
    });
    const { records } = await opened(affectnetNpy, root);
    expect(records).toEqual([
      { key: 'train_set/1', split: 'TRAIN', imagePath: 'train_set/images/1.jpg', rawLabel: '6', givenLabelIndex: 6 },
      { key: 'val_set/2', split: 'TEST', imagePath: 'val_set/images/2.jpg', rawLabel: '3', givenLabelIndex: 3 },
    ]);
    expect(await fits(affectnetNpy, root)).toBe(true);
  });

  it('reports annotations it cannot read', async () => {
    const root = await npyTree({
      'train_set/annotations/1_exp.npy': Buffer.from('nothing'),
      'train_set/annotations/3_exp.npy': npy('<i4', Buffer.alloc(12), '(3,)'),
      'train_set/annotations/4_exp.npy': npy('|u1', Buffer.from([11])),
      'train_set/annotations/5_exp.npy': npy('<i4', Buffer.alloc(2)),
    });
    expect(reasons(await opened(affectnetNpy, root))).toEqual([
      'train_set/annotations/1_exp.npy the annotation cannot be read (not a .npy file)',
      'train_set/annotations/3_exp.npy the annotation cannot be read (expected one element, found the shape (3,))',
      'train_set/annotations/4_exp.npy the expression is no code of AffectNet (expected 0 to 10, found "11")',
      'train_set/annotations/5_exp.npy the annotation cannot be read (expected 4 bytes of data, found 2)',
    ]);
  });
});

describe("AffectNet as the authors' cached csv", () => {
  it('reads phases train, val and test, and paths of another machine', async () => {
    tree = await imageTree({
      'train_set/images/1.jpg': small,
      'val_set/images/2.jpg': small,
      'affectnet8.csv':
        ',phase,img_path,label\n0,train,/data/other/train_set/images/1.jpg,3\n1,val,/data/other/val_set/images/2.jpg,0\n2,test,/data/other/val_set/images/9.jpg,7\n3,dev2,x.jpg,1\n4,train,y.jpg,12\n',
    });
    const read = await opened(affectnetCache, tree.root);
    expect(read.records.map(({ split, imagePath, givenLabelIndex }) => [split, imagePath, givenLabelIndex])).toEqual([
      ['TRAIN', 'train_set/images/1.jpg', 3],
      ['TEST', 'val_set/images/2.jpg', 0],
      ['TEST', 'val_set/images/9.jpg', 7],
    ]);
    expect(reasons(read)).toEqual([
      'affectnet8.csv:5 the phase names no split (expected train, validation, test, found "dev2")',
      'affectnet8.csv:6 the expression is no code of AffectNet (expected 0 to 10, found "12")',
    ]);
    expect(await fits(affectnetCache, tree.root)).toBe(true);
  });

  it('asks which of two tables', async () => {
    const text = ',phase,img_path,label\n';
    tree = await imageTree({ 'a.csv': text, 'b.csv': text });
    await expect(opened(affectnetCache, tree.root)).rejects.toMatchObject({
      details: { path: 'table', found: ['a.csv', 'b.csv'] },
    });
    await expect(opened(affectnetCache, tree.root, { table: 'a.csv' })).resolves.toMatchObject({ items: [] });
  });
});
