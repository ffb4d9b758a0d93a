import { afterEach, describe, expect, it } from 'vitest';
import { detectFormat } from '../../../../server/src/datasets/imports/detect-format.js';
import { importers } from '../../../../server/src/datasets/importers/index.js';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import { type ImageTree, imageTree } from '../image-tree.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

const seven = ['Angry', 'Disgust', 'Fear', 'Happy', 'Neutral', 'Sad', 'Surprise'];
const votes = 'Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n';
const layouts: Record<string, string[] | Record<string, string>> = {
  'raf-db': { 'EmoLabel/list_patition_label.txt': 'train_00001.jpg 5', 'Image/aligned/train_00001_aligned.jpg': '' },
  'raf-db-folders': [
    'train/1/train_00001_aligned.jpg',
    'train/2/train_00002_aligned.jpg',
    'test/1/test_0001_aligned.jpg',
  ],
  'affectnet-csv': {
    'training.csv':
      'subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n',
  },
  'affectnet-npy': ['train_set/images/1.jpg', 'train_set/annotations/1_exp.npy'],
  'affectnet-cache': { 'affectnet.csv': ',phase,img_path,label\n' },
  ferplus: { 'fer2013new.csv': votes, 'fer2013.csv': 'emotion,pixels,Usage\n' },
  fer2013: { 'fer2013.csv': 'emotion,pixels,Usage\n' },
  'fer2013-folders': ['train', 'test'].flatMap((split) => seven.map((name) => `${split}/${name.toLowerCase()}/1.jpg`)),
  sfew: ['Train', 'Val'].flatMap((split) => seven.map((name) => `${split}/${name}/1.png`)),
  expw: { 'label.lst': 'a.jpg 0 1 2 3 4 50 6\n' },
  'ck-plus': ['anger/S010_004_00000017.png', 'happy/S011_004_00000017.png'],
  yolo: { 'data.yaml': 'names: [cat, dog]', 'train/images/a.png': '', 'train/labels/a.txt': '0 .5 .5 1 1' },
  manifest: { 'list.csv': 'path,label\na.png,x\n', 'a.png': '' },
  folder: ['train/cat/1.png', 'train/dog/1.png', 'test/cat/2.png'],
};

async function detected(files: string[] | Record<string, string>) {
  tree = await imageTree(Array.isArray(files) ? Object.fromEntries(files.map((name) => [name, ''])) : files);
  return detectFormat(await SourceDirectory.open(tree.root), importers);
}

describe('the format of a directory', () => {
  it.each(Object.entries(layouts))('is found to be %s', async (format, files) => {
    const found = await detected(files);
    expect(found.format).toBe(format);
    expect(found.parts.every((part) => part.found !== null)).toBe(true);
  });

  it('is folder where the seven expressions have a third split', async () => {
    expect(
      (
        await detected(
          ['train', 'validation', 'test'].flatMap((split) =>
            seven.map((name) => `${split}/${name.toLowerCase()}/1.jpg`),
          ),
        )
      ).format,
    ).toBe('folder');
  });

  it('is known for every importer', () => {
    expect(Object.keys(layouts)).toEqual(Object.keys(importers));
  });

  it('that is none is told by what the nearest lack, and what is there', async () => {
    const error: Error = await detected({
      'readme.txt': '',
      'EmoLabel/list_patition_label.txt': 'train_00001.jpg:5',
      'Image/aligned/x.txt': '',
    }).then(
      () => new Error('found'),
      (caught: Error) => caught,
    );
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'format', found: 'EmoLabel/, Image/, readme.txt' },
    });
    expect(error.message).toContain(
      '  raf-db lacks EmoLabel/list_patition_label.txt with lines like "train_00001.jpg 5" (there is EmoLabel/list_patition_label.txt, whose first line is "train_00001.jpg:5")',
    );
    // The nearest alone.
    expect(error.message.split('\n').filter((line) => line.includes(' lacks '))).toHaveLength(2);
  });

  it('of folders that sort files is none, and the message names them', async () => {
    await expect(detected(['images/a.png', 'labels/a.txt'])).rejects.toThrow(
      /images, labels: folders of such names sort files and are no classes/,
    );
  });

  it('begins below folders that hold everything, a README beside', async () => {
    const found = await detected([
      'set/README.md',
      'set/faces/train/cat/1.png',
      'set/faces/train/dog/2.png',
      'set/faces/test/cat/3.png',
    ]);
    expect(found).toMatchObject({ format: 'folder', fits: true });
    expect(found.source.shownAs.endsWith('/set/faces')).toBe(true);
  });

  it('keeps a folder of a split as a split', async () => {
    expect((await detected(['train/cat/1.png', 'train/dog/2.png'])).parts[0]!.found).toContain('<split>/<class>');
  });

  it('is hinted at where the directory above has it', async () => {
    tree = await imageTree(Object.fromEntries(Object.entries(layouts['raf-db'] as Record<string, string>)));
    const below = await SourceDirectory.open(`${tree.root}/Image`, { filesAnywhere: true });
    await expect(detectFormat(below, importers)).rejects.toThrow(/The directory above, .*, fits raf-db: import that\./);
  });

  it('is hinted at where a folder beside others has it', async () => {
    const raf = Object.fromEntries(
      Object.entries(layouts['raf-db'] as Record<string, string>).map(([name, text]) => [`data/${name}`, text]),
    );
    await expect(detected({ ...raf, 'code/main.py': '', 'notes/a.txt': '' })).rejects.toThrow(
      /The folder data in it fits raf-db/,
    );
  });

  it('is not hinted at where the directory above has something else', async () => {
    const raf = layouts['raf-db'] as Record<string, string>;
    tree = await imageTree({ ...raf, 'mine/a.png': '', 'other/b.png': '' });
    const below = await SourceDirectory.open(`${tree.root}/mine`, { filesAnywhere: true });
    await expect(detectFormat(below, importers)).rejects.not.toThrow(/directory above/);
  });

  it.each([
    ['an archive', { 'faces.tar.gz': '' }, /faces\.tar\.gz is an archive: unpack it/],
    [
      'a download that broke off',
      { 'faces.zip.crdownload': '' },
      /faces\.zip\.crdownload is a download that did not end/,
    ],
    [
      'COCO',
      { 'train/a.png': '', 'train/_annotations.coco.json': '{}' },
      /_annotations\.coco\.json holds annotations of COCO/,
    ],
    [
      'Pascal VOC',
      { 'JPEGImages/a.png': '', 'Annotations/a.xml': '<annotation></annotation>', 'ImageSets/Main/train.txt': 'a' },
      /a\.xml is an annotation of Pascal VOC/,
    ],
  ])('is told by what lies there: %s', async (_, files, message) => {
    await expect(detected(files)).rejects.toThrow(message);
  });

  it('is none in an empty directory', async () => {
    await expect(detected([])).rejects.toMatchObject({ details: { found: 'an empty directory' } });
  });
});
