import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { fer2013Folders } from '../../../../server/src/datasets/importers/fer2013-folders.js';
import { fer2013 } from '../../../../server/src/datasets/importers/fer2013.js';
import { ferplus } from '../../../../server/src/datasets/importers/ferplus.js';
import { sfew } from '../../../../server/src/datasets/importers/sfew.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { counted, fits, opened, reasons } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

const sevenFolders = ['angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise'];
const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
const picture = (value: number, pixels = 4): string => Array.from({ length: pixels }, () => value).join(' ');

describe('FER2013 as csv', () => {
  it('has the published counts of each usage', async () => {
    const usages = [
      ['Training', 28_709],
      ['PublicTest', 3_589],
      ['PrivateTest', 3_589],
    ] as const;
    const rows = usages.flatMap(([usage, count]) =>
      Array.from({ length: count }, (_, n) => `${n % 7},${n % 256},${usage}`),
    );
    tree = await imageTree({ 'fer2013.csv': `emotion, pixels, Usage\n${rows.join('\n')}\n` });
    const read = await opened(fer2013, tree.root);
    expect(Object.entries(counted(read)).map(([split, counts]) => [split, total(counts)])).toEqual([
      ['TRAIN', 28_709],
      ['VALIDATION', 3_589],
      ['TEST', 3_589],
    ]);
    expect(read.source.description).toMatchObject({
      classes: ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'],
      expectedItems: 35_887,
      makesImages: true,
    });
  });

  it('makes a grey picture of the pixels, row by row', async () => {
    tree = await imageTree({ 'fer2013.csv': 'emotion,pixels,Usage\n3,0 50 100 255,Training' });
    const { records } = await opened(fer2013, tree.root);
    const { data, info } = await sharp(await records[0]!.image!())
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels, ...data]).toEqual([2, 2, 1, 0, 50, 100, 255]);
    expect(records[0]).toMatchObject({ key: 'fer2013.csv#0', rawLabel: '3', givenLabelIndex: 3 });
  });

  it('reports rows with wrong pixels, emotions and usages', async () => {
    tree = await imageTree({
      'fer2013.csv': [
        'emotion,pixels,Usage',
        `0,${picture(1)},Training`,
        `0,${picture(1, 3)},Training`,
        `0,1 2 x 4,Training`,
        `0,1 2 256 4,Training`,
        `9,${picture(1)},Training`,
        `0,${picture(1)},Other`,
        '0',
      ].join('\r\n'),
    });
    expect(reasons(await opened(fer2013, tree.root))).toEqual([
      'fer2013.csv:3 the number of pixels is wrong (expected 4, found 3)',
      'fer2013.csv:4 the pixels are not grey values from 0 to 255 (found "x 4")',
      'fer2013.csv:5 the pixels are not grey values from 0 to 255 (found 256)',
      'fer2013.csv:6 the emotion is no code of FER2013 (expected 0 to 6, found "9")',
      'fer2013.csv:7 the usage is none of Training, PublicTest, PrivateTest (found "Other")',
      'fer2013.csv:8 the row is cut off (expected 3 fields, found 1: the download may have ended early)',
    ]);
  });

  it.each([
    ['an empty file', '', 'an empty file'],
    ['other columns', 'a,b\n1,2\n', 'the first line "a,b"'],
    ['a header alone', 'emotion,pixels,Usage\n', 'a header alone'],
  ])('refuses %s', async (_, text, found) => {
    tree = await imageTree({ 'fer2013.csv': text });
    await expect(opened(fer2013, tree.root)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'table', found },
    });
  });
});

describe('FER2013 from other tools', () => {
  const bytesOf = async (text: string, name = 'fer2013.csv'): Promise<number[][]> => {
    tree = await imageTree({ [name]: text });
    const { records } = await opened(fer2013, tree.root);
    return Promise.all(
      records.map(async ({ image }) => [
        ...(await sharp(await image!())
          .toColourspace('b-w')
          .raw()
          .toBuffer()),
      ]),
    );
  };

  it.each([
    ['pixels in quotes', 'emotion,pixels,Usage\n3,"0 50 100 255",Training\n'],
    ['everything in quotes', '"emotion","Usage","pixels"\r\n"3","Training","0 50 100 255"\r\n'],
    ['blanks after the commas', 'emotion, Usage, pixels\n3, Training, 0 50 100 255\n'],
    ['blanks and quotes', 'emotion, pixels, Usage\n3, "0 50 100 255", Training\n'],
    ['semicolons', 'emotion;pixels;Usage\n3;0 50 100 255;Training\n'],
    ['lists of numbers', 'emotion,pixels,Usage\n3,"[0, 50, 100, 255]",Training\n'],
  ])('has the same pixels with %s', async (_, text) => {
    expect(await bytesOf(text)).toEqual([[0, 50, 100, 255]]);
  });

  it('as the challenge gave it draws splits, and leaves rows without emotions alone', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => `${n % 7},${picture(n)}`).join('\n');
    tree = await imageTree({ 'train.csv': `emotion,pixels\n${rows}\n`, 'test.csv': `pixels\n${picture(1)}\n` });
    const read = await opened(fer2013, tree.root);
    expect(Object.keys(counted(read)).sort()).toEqual(['TEST', 'TRAIN', 'VALIDATION']);
    expect(read.records).toHaveLength(60);
    expect(read.source.notes!()).toEqual([
      'test.csv has pixels and no emotions: it was left out.',
      'There is no column Usage: splits were drawn.',
    ]);
  });

  it('takes a table a split, and names for emotions', async () => {
    tree = await imageTree({
      'train.csv': `emotion,pixels\nangry,${picture(1)}\nHappy,${picture(2)}\n`,
      'test.csv': `emotion,pixels\nsad,${picture(3)}\n`,
    });
    const read = await opened(fer2013, tree.root);
    expect(counted(read)).toEqual({ TRAIN: { anger: 1, happiness: 1 }, TEST: { sadness: 1 } });
  });

  it('refuses an eighth class until it is named', async () => {
    const rows = Array.from({ length: 16 }, (_, n) => `${n % 8},${picture(n)},Training`).join('\n');
    tree = await imageTree({ 'fer2013.csv': `emotion,pixels,Usage\n${rows}\n` });
    await expect(opened(fer2013, tree.root)).rejects.toMatchObject({
      details: { path: 'classes', found: 'the codes 7 in 2 of 16 rows' },
    });
    const { source, records } = await opened(fer2013, tree.root, {
      classes: 'anger,disgust,fear,happiness,sadness,surprise,neutral,contempt',
    });
    expect([records.length, source.description.classes[7]]).toEqual([16, 'contempt']);
  });
});

describe('FER+ joined to fer2013.csv by row order', () => {
  const votes = new URL('../../../fixtures/ferplus/fer2013new.csv.gz', import.meta.url);
  const names = [
    'neutral',
    'happiness',
    'surprise',
    'sadness',
    'anger',
    'disgust',
    'fear',
    'contempt',
    'unknown',
    'NF',
  ];

  it('keeps as many images by majority as the authors, each with the pixels of its own row', async () => {
    const text = gunzipSync(await readFile(votes)).toString('utf8');
    const usages = text
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.slice(0, line.indexOf(',')));
    tree = await imageTree({
      'fer2013new.csv': text,
      'fer2013.csv': `emotion,pixels,Usage\n${usages.map((usage, row) => `0,${row % 251},${usage}`).join('\n')}`,
    });
    const read = await opened(ferplus, tree.root);
    expect(Object.entries(counted(read)).map(([split, counts]) => [split, total(counts)])).toEqual([
      ['TRAIN', 25_060],
      ['VALIDATION', 3_199],
      ['TEST', 3_153],
    ]);
    const record = read.records.find(({ imagePath }) => imagePath === 'fer2013.csv:20002')!;
    expect([
      ...(await sharp(await record.image!())
        .toColourspace('b-w')
        .raw()
        .toBuffer()),
    ]).toEqual([20_000 % 251]);
    expect(new Set(read.records.map(({ key }) => key)).size).toBe(read.records.length);
  });

  it.each([
    [
      'whose usages differ',
      ['Training', 'PublicTest'],
      ['Training', 'Training'],
      'fer2013new.csv:3 of VALIDATION beside fer2013.csv:3 of TRAIN',
    ],
    ['of another length', ['Training'], ['Training', 'Training'], '2 and 1'],
  ])('refuses tables %s', async (_, voted, drawn, found) => {
    tree = await imageTree({
      'fer2013new.csv': [
        `Usage,Image name,${names.join(',')}`,
        ...voted.map((usage, n) => `${usage},fer${n}.png,9,1,0,0,0,0,0,0,0,0`),
      ].join('\n'),
      'fer2013.csv': ['emotion,pixels,Usage', ...drawn.map((usage) => `0,${picture(1)},${usage}`)].join('\n'),
    });
    await expect(opened(ferplus, tree.root)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { found } });
  });
});

describe.each([
  ['FER2013 folders', fer2013Folders, ['train', 'test'], 'TEST'],
  ['SFEW', sfew, ['Train', 'Val'], 'TEST'],
] as const)('%s', (_, importer, [train, test], second) => {
  it('take class and split from the folders and report what is no class', async () => {
    const files = [train, test].flatMap((split) => sevenFolders.map((name) => `${split}/${name}/im0.png`));
    tree = await imageTree(
      Object.fromEntries(
        [...files, `${train}/bored/x.png`, `${train}/angry/notes.txt`, `${train}/stray.png`].map((name) => [name, '']),
      ),
    );
    const read = await opened(importer, tree.root);
    expect(Object.fromEntries(Object.entries(counted(read)).map(([split, counts]) => [split, total(counts)]))).toEqual({
      TRAIN: 7,
      [second]: 7,
    });
    expect(read.records.find(({ rawLabel }) => rawLabel === 'angry')!.givenLabelIndex).toBe(0);
    expect(read.records.find(({ rawLabel }) => rawLabel === 'neutral')!.givenLabelIndex).toBe(6);
    expect(reasons(read)).toEqual([
      `${train}/stray.png not in the folder of a class`,
      `${train}/angry/notes.txt not the name of an image: .jpg, .jpeg, .png, .webp, .tif, .tiff`,
      `${train}/bored/x.png the folder is no class of the data set (expected anger, disgust, fear, happiness, sadness, surprise, neutral, found "bored")`,
    ]);
  });

  it('are refused without their folders', async () => {
    tree = await imageTree({ 'angry/a.png': '', 'happy/b.png': '' });
    expect(await fits(importer, tree.root)).toBe(false);
    await expect(opened(importer, tree.root)).rejects.toMatchObject({ details: { path: 'directory' } });
  });
});
