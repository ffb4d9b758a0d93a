import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drawnClasses } from '../../../server/src/drawn-faces/action-units.js';
import { drawnFace } from '../../../server/src/drawn-faces/drawn-face.js';
import { pixelsOf } from '../../../server/src/drawn-faces/face-pixels.js';
import { type LayoutName, layouts } from '../../../server/src/drawn-faces/layouts/index.js';
import { writeLayout, type WriteLayoutOptions } from '../../../server/src/drawn-faces/write-layout.js';
import { Split } from '../../../server/src/split.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'layouts-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const set = { counts: { [Split.TRAIN]: 26, [Split.VALIDATION]: 4, [Split.TEST]: 5 }, imageSize: 24, seed: 3 };
let directory: string;
let calls = 0;
beforeEach(() => {
  directory = path.join(root, String(++calls));
});
const write = (name: LayoutName, more: Partial<WriteLayoutOptions> = {}) =>
  writeLayout({ ...set, layout: layouts[name], directory, ...more });
const text = (file: string): Promise<string> => readFile(path.join(directory, file), 'utf8');
const lines = async (file: string): Promise<string[]> => (await text(file)).trimEnd().split('\n');
const files = async (): Promise<string[]> =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
const train = Array.from({ length: 26 }, (_, number) => drawnFace(3, Split.TRAIN, number));
const validation = Array.from({ length: 4 }, (_, number) => drawnFace(3, Split.VALIDATION, number));
const test = Array.from({ length: 5 }, (_, number) => drawnFace(3, Split.TEST, number));
const codes = (order: string[], faces: typeof train, first = 0): string[] =>
  faces.map((face) => String(order.indexOf(drawnClasses[face.givenLabelIndex]!) + first));
const rafOrder = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
const ferOrder = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'];
const affectOrder = ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger'];

/** The picture is the face: exactly as PNG, nearly as JPEG. */
async function expectPicture(file: string, face: (typeof train)[number], tolerance: number): Promise<void> {
  const stored = await sharp(path.join(directory, file)).removeAlpha().raw().toBuffer();
  const drawn = pixelsOf(face, 3, 24);
  expect(stored).toHaveLength(drawn.length);
  const mean = stored.reduce((sum, value, place) => sum + Math.abs(value - drawn[place]!), 0) / drawn.length;
  expect(mean).toBeLessThanOrEqual(tolerance);
}

describe('drawn faces laid out as', () => {
  it('RAF-DB: names carry the split, codes begin with 1, no header and no end of the last line', async () => {
    await write('raf-db');
    const list = await text('EmoLabel/list_patition_label.txt');
    expect(list.endsWith('\n')).toBe(false);
    const rows = list.split('\n').map((line) => line.split(' '));
    expect(rows.map(([name]) => name)).toEqual([
      ...Array.from({ length: 30 }, (_, i) => `train_${String(i + 1).padStart(5, '0')}.jpg`),
      ...Array.from({ length: 5 }, (_, i) => `test_${String(i + 1).padStart(4, '0')}.jpg`),
    ]);
    expect(rows.map(([, code]) => code)).toEqual(codes(rafOrder, [...train, ...validation, ...test], 1));
    await expectPicture('Image/aligned/train_00027_aligned.jpg', validation[0]!, 4);
    const [name, ...shares] = (await lines('EmoLabel/distributions.txt'))[2]!.split(' ');
    expect([name, shares.map(Number)]).toEqual(['train_00003.jpg', train[2]!.votes.map((count) => count / 10)]);
  });

  it('AffectNet with csv: a header, endings in mixed case, valence unknown', async () => {
    await write('affectnet-csv');
    const [header, ...rows] = await lines('training.csv');
    expect(header).toBe(
      'subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal',
    );
    expect(rows.map((row) => row.split(',')[6])).toEqual(codes(affectOrder, [...train, ...validation]));
    expect(new Set(rows.map((row) => path.extname(row.split(',')[0]!)))).toEqual(new Set(['.jpg', '.JPG']));
    expect((await lines('validation.csv')).slice(1).map((row) => row.split(',')[6])).toEqual(codes(affectOrder, test));
    await expectPicture(`Manually_Annotated_Images/${rows[6]!.split(',')[0]}`, train[6]!, 4);
  });

  it('AffectNet with npy: a zero-dimensional array of one character beside each picture', async () => {
    await write('affectnet-npy');
    const npy = await readFile(path.join(directory, 'train_set/annotations/3_exp.npy'));
    expect([npy.subarray(0, 8).toString('latin1'), (npy.length - 4) % 64, npy.subarray(10).toString('latin1')]).toEqual(
      ['\x93NUMPY\x01\x00', 0, expect.stringContaining("{'descr': '<U1', 'fortran_order': False, 'shape': (), }")],
    );
    expect(String.fromCodePoint(npy.readUInt32LE(npy.length - 4))).toBe(codes(affectOrder, train)[2]);
    expect((await files()).filter((file) => file.startsWith('val_set/annotations'))).toHaveLength(5);
    await expectPicture('val_set/images/2.jpg', test[1]!, 4);
  });

  it('AffectNet as cached by the authors', async () => {
    await write('affectnet-cache');
    const rows = await lines('affectnet.csv');
    expect(rows.slice(0, 2)).toEqual([',phase,img_path,label', `0,train,train/1.jpg,${codes(affectOrder, train)[0]}`]);
    expect(rows.at(-1)).toBe(`4,val,val/5.jpg,${codes(affectOrder, test)[4]}`);
  });

  it('FER2013 csv: the grey pixels in the row, no pictures', async () => {
    await write('fer2013');
    expect(await files()).toEqual(['fer2013.csv']);
    const rows = (await lines('fer2013.csv')).slice(1).map((row) => row.split(','));
    expect(rows.map(([code]) => code)).toEqual(codes(ferOrder, [...train, ...validation, ...test]));
    expect(rows.map(([, , usage]) => usage)).toEqual([
      ...Array(26).fill('Training'),
      ...Array(4).fill('PublicTest'),
      ...Array(5).fill('PrivateTest'),
    ]);
    const grey = rows[1]![1]!.split(' ').map(Number);
    const [red, green, blue] = pixelsOf(train[1]!, 3, 24);
    expect([grey.length, grey[0]]).toEqual([576, Math.round(0.299 * red! + 0.587 * green! + 0.114 * blue!)]);
  });

  it('FER+: votes over ten columns in two tables, usages and folders of the splits', async () => {
    await write('ferplus');
    const [header, first] = await lines('fer2013new.csv');
    expect(header).toBe('Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF');
    const votes = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear'].map(
      (name) => train[0]!.votes[drawnClasses.indexOf(name as never)],
    );
    expect(first).toBe(['Training', 'fer0000000.png', ...votes, 0, 0, 0].join(','));
    expect((await lines('FER2013Train/label.csv'))[0]).toBe(
      ['fer0000000.png', '"(0, 0, 24, 24)"', ...votes, 0, 0, 0].join(','),
    );
    await expectPicture('FER2013Valid/fer8000001.png', validation[1]!, 0);
  });

  it.each<[LayoutName, string[]]>([
    ['fer2013-folders', ['train', 'test']],
    ['sfew', ['Train', 'Val']],
    ['folder', ['train', 'validation', 'test']],
  ])('%s: a folder for each split and class', async (name, splitFolders) => {
    await write(name);
    const found = await files();
    expect(found).toHaveLength(35);
    expect(new Set(found.map((file) => file.split('/')[0]))).toEqual(new Set(splitFolders));
    const synonym: Record<string, string> = { angry: 'anger', happy: 'happiness', sad: 'sadness' };
    const count = (faces: typeof train, label: string): number =>
      faces.filter((face) => drawnClasses[face.givenLabelIndex] === label).length;
    for (const label of drawnClasses) {
      const inFolder = found.filter((file) => {
        const folder = file.split('/')[1]!.toLowerCase();
        return (synonym[folder] ?? folder) === label;
      });
      expect(inFolder).toHaveLength(count([...train, ...validation, ...test], label));
    }
  });

  it('ExpW: the face inside a larger picture, where its box says', async () => {
    await write('expw');
    const [name, face, top, left, right, bottom, confidence, code] = (await lines('label.lst'))[4]!.split(' ');
    expect([name, face, code, Number(confidence) > 0]).toEqual([
      `${train[4]!.key}.jpg`,
      '0',
      codes(ferOrder, train)[4],
      true,
    ]);
    const box = {
      left: Number(left),
      top: Number(top),
      width: Number(right) - Number(left),
      height: Number(bottom) - Number(top),
    };
    expect([box.width, box.height]).toEqual([24, 24]);
    const cut = await sharp(path.join(directory, 'origin', name!))
      .extract(box)
      .raw()
      .toBuffer();
    const drawn = pixelsOf(train[4]!, 3, 24);
    expect(cut.reduce((sum, value, place) => sum + Math.abs(value - drawn[place]!), 0) / drawn.length).toBeLessThan(5);
  });

  it('CK+48: subject, sequence and frame in the name; neutral faces are left out and counted', async () => {
    const { written, leftOut } = await write('ck-plus');
    const neutral = [...train, ...validation, ...test].filter(
      (face) => drawnClasses[face.givenLabelIndex] === 'neutral',
    ).length;
    expect([written, leftOut]).toEqual([35 - neutral, neutral]);
    const found = await files();
    expect(
      found.every((file) => /^(anger|disgust|fear|happy|sadness|surprise)\/S\d{3}_\d{3}_\d{8}\.png$/.test(file)),
    ).toBe(true);
    expect(new Set(found.map((file) => path.basename(file).slice(0, 4))).size).toBe(5);
    await expect(
      write('ck-plus', {
        directory: `${directory}-more`,
        imageSize: 16,
        counts: { [Split.TRAIN]: 0, [Split.VALIDATION]: 0, [Split.TEST]: 12 * 333 + 1 },
      }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { path: 'counts.TEST' } });
  });

  it('a manifest: everything that is known of a face', async () => {
    await write('manifest');
    const [header, ...rows] = (await lines('manifest.csv')).map((line) => line.split(','));
    const row = Object.fromEntries(header!.map((column, place) => [column, rows[27]![place]]));
    const face = validation[1]!;
    expect(row).toMatchObject({
      path: `images/validation/${face.key}.png`,
      key: face.key,
      label: drawnClasses[face.givenLabelIndex],
      clean_label: drawnClasses[face.cleanLabelIndex],
      split: 'validation',
      subject: face.subject,
      'votes:fear': String(face.votes[1]),
    });
    expect(Number(row['p:anger'])).toBeCloseTo(face.trueDistribution[5]!, 6);
    await expectPicture(row['path']!, face, 0);
  });
});

describe('a layout', () => {
  it('is written alike however often', async () => {
    await write('manifest');
    const first = await text('manifest.csv');
    await write('manifest', { directory: `${directory}-again` });
    expect(await readFile(path.join(`${directory}-again`, 'manifest.csv'), 'utf8')).toBe(first);
  });

  it('is not written over anything, and leaves nothing when it is stopped', async () => {
    await write('folder');
    await expect(write('folder')).rejects.toMatchObject({ code: 'CONFLICT', details: { directory } });
    const stop = new AbortController();
    const stopped = write('folder', {
      directory: `${directory}-stopped`,
      signal: stop.signal,
      onProgress: ({ drawn }) => drawn === 5 && stop.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect((await readdir(root)).filter((name) => name.includes('stopped'))).toEqual([]);
  });

  it('is as ambiguous as tau says', async () => {
    const entropy = (votes: readonly number[]): number =>
      votes.reduce((sum, count) => sum - (count > 0 ? (count / 10) * Math.log(count / 10) : 0), 0);
    const mean = async (tau: number): Promise<number> => {
      await write('manifest', { directory: `${directory}-${tau}`, tau, imageSize: 16 });
      const rows = (await readFile(path.join(`${directory}-${tau}`, 'manifest.csv'), 'utf8'))
        .trimEnd()
        .split('\n')
        .slice(1);
      return rows.reduce((sum, row) => sum + entropy(row.split(',').slice(6, 13).map(Number)), 0) / rows.length;
    };
    const means = [await mean(0.08), await mean(0.22), await mean(0.8)];
    expect(means[0]! + 0.05).toBeLessThan(means[1]!);
    expect(means[1]! + 0.2).toBeLessThan(means[2]!);
    await expect(write('manifest', { tau: 2 })).rejects.toMatchObject({ details: { path: 'tau' } });
  });
});
