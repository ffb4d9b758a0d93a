import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import sharp, { type Sharp } from 'sharp';
import { encodeSafetensors } from '../../models/checkpoints/safetensors.js';
import { readWeights } from '../../models/checkpoints/weights/read-weights.js';
import type { FuzzKind } from './fuzz-readings.js';

/** Sound inputs by kind; those of one name are spliced with each other. */
export interface Corpus {
  kind: FuzzKind;
  name: string;
  inputs: Buffer[];
}

const largestFixture = 80_000;

/** @param fixtures where the project's files of PyTorch lie. */
export async function corpora(fixtures: string): Promise<Corpus[]> {
  const weights = await weightsIn(fixtures);
  return [
    { kind: 'weights', name: 'a.pth', inputs: weights },
    { kind: 'pictures', name: 'a.png', inputs: await pictures() },
    { kind: 'archives', name: 'a.zip', inputs: await archives() },
    ...tables.map(([name, text]): Corpus => ({ kind: 'tables', name, inputs: [Buffer.from(text)] })),
    { kind: 'queries', name: 'a.graphql', inputs: queries.map((text) => Buffer.from(text)) },
  ];
}

async function weightsIn(folder: string): Promise<Buffer[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && /\.(pth|tar|pkl|pt)$/.test(entry.name),
  );
  const found = await Promise.all(files.map(({ parentPath, name }) => readFile(path.join(parentPath, name))));
  const { tensors } = await readWeights(path.join(folder, 'passed-around', 'compiled.pth'));
  return [
    ...found.filter(({ length }) => length <= largestFixture),
    Buffer.concat(encodeSafetensors(tensors, { epoch: '3' })),
  ];
}

async function pictures(): Promise<Buffer[]> {
  const [width, height] = [40, 30];
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, (_, n) => (n * 37) % 256));
  const picture = (): Sharp => sharp(pixels, { raw: { width, height, channels: 3 } });
  return Promise.all([
    picture().png().toBuffer(),
    picture().png({ progressive: true, palette: true }).toBuffer(),
    picture()
      .jpeg()
      .withExif({ IFD0: { Copyright: 'nobody' } })
      .toBuffer(),
    picture().jpeg({ progressive: true }).toBuffer(),
    picture().webp().toBuffer(),
    picture().tiff({ compression: 'lzw' }).toBuffer(),
    picture().tiff({ compression: 'none', tile: true }).toBuffer(),
  ]);
}

const files: [string, string][] = [
  ['faces/anger/a.png', 'x'.repeat(300)],
  ['faces/fear/b.png', 'y'.repeat(300)],
  ['faces/labels.csv', 'path,label\nanger/a.png,anger\n'],
];

async function archives(): Promise<Buffer[]> {
  const tar = pack();
  for (const [name, content] of files) tar.entry({ name }, content);
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar as AsyncIterable<Buffer>) pieces.push(piece);
  const whole = Buffer.concat(pieces);
  return [whole, gzipSync(whole), zip(0), zip(8)];
}

/** A ZIP archive of `files`, stored (0) or deflated (8). */
function zip(method: 0 | 8): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const content = Buffer.from(text);
    const stored = method === 8 ? deflateRawSync(content) : content;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(stored.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), stored]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

const pixels = Array.from({ length: 48 * 48 }, (_, n) => n % 256).join(' ');
const tables: [string, string][] = [
  [
    'manifest.csv',
    'path,label,split,votes_anger,votes_fear,rater\na.png,anger,train,3,1,x\n"b, c.png",fear,test,0,4,y\n',
  ],
  ['manifest.csv', '\ufeffpath;label;subject\r\na.png;happy;S1\r\nb.png;sad;S2\r\n'],
  [
    'manifest.jsonl',
    '{"path":"a.png","label":"anger","votes":{"anger":2,"fear":1}}\n{"path":"b.png","label":"fear","distribution":{"anger":0.25,"fear":0.75}}\n',
  ],
  ['fer2013.csv', `emotion,pixels,Usage\n0,${pixels},Training\n3,${pixels},PublicTest\n`],
  ['list_patition_label.txt', 'train_00001.jpg 5\ntrain_00002.jpg 1\ntest_0001.jpg 7\n'],
  ['label.lst', 'a.jpg 0 10 20 30 40 90.5 3\nb.jpg 1 1 2 3 4 7 0\n'],
  [
    'training.csv',
    'subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal\n1/a.jpg,1,2,3,4,0;0,3,0.1,-0.2\n',
  ],
];

const queries = [
  'query ($filter: AnalysisFilter) { trainingRuns(first: 3) { nodes { id confusionMatrix(split: TEST) { classes counts } analyses(first: 3, filter: $filter, orderBy: ENTROPY, direction: DESCENDING) { totalCount nodes { sample { key givenLabel votes } labelDistribution distance(from: FUSED, to: VOTES, measure: JENSEN_SHANNON) } } } } }\n###\n{"filter":{"split":"TEST","and":[{"entropy":{"minimum":0.5}},{"not":{"keyContains":"a"}}]}}',
  'query A { __schema { types { name fields { name args { name type { ...T } } type { ...T } } } } } fragment T on __Type { kind name ofType { name ofType { name } } }\n###\n{}',
  'mutation ($input: ImportModelInput!) { importModel(input: $input) { id classes checkpoints { id exports { url } } } }\n###\n{"input":{"upload":"upload_1","classes":["a","b"],"imageSize":224}}',
  'subscription { runEvents(run: "run_1") { __typename } }\n###\n{}',
  '{ datasets { id name classes samples(first: 10, after: "abc", filter: {split: TRAIN, or: [{givenLabel: "fear"}]}) { nodes { id key imageUrl } pageInfo { endCursor hasNextPage } } } }\n###\n{}',
];
