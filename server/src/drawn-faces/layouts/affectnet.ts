import { Split } from '../../split.js';
import type { FaceInLayout, Layout } from './layout.js';

/** In the order of AffectNet's codes. */
const codes = ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt'];
const codeOf = ({ label }: FaceInLayout): number => codes.indexOf(label);

/** Neither is drawn; the data set's own sign for that. */
const unknownValence = '-2';

export const affectnetCsv: Layout = {
  summary: 'AffectNet: training.csv, validation.csv and Manually_Annotated_Images',
  splits: { [Split.TRAIN]: 'training', [Split.VALIDATION]: 'training', [Split.TEST]: 'validation' },
  headers: Object.fromEntries(
    ['training.csv', 'validation.csv'].map((file) => [
      file,
      'subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,valence,arousal',
    ]),
  ),
  place(one) {
    const { face, number, pixels, size } = one;
    const file = face.split === Split.TEST ? 'validation.csv' : 'training.csv';
    // The real files mix the case of their endings.
    const name = `${(number % 50) + 1}/${face.key}.${number % 7 === 0 ? 'JPG' : 'jpg'}`;
    const middle = size / 2;
    return {
      pictures: [{ path: `Manually_Annotated_Images/${name}`, pixels, size }],
      lines: [
        {
          file,
          line: [name, 0, 0, size, size, `${middle};${middle}`, codeOf(one), unknownValence, unknownValence].join(','),
        },
      ],
    };
  },
};

export const affectnetNpy: Layout = {
  summary: 'AffectNet, the later release: train_set and val_set with annotations/<id>_exp.npy',
  splits: { [Split.TRAIN]: 'train_set', [Split.VALIDATION]: 'train_set', [Split.TEST]: 'val_set' },
  place(one) {
    const { face, number, pixels, size } = one;
    const set = face.split === Split.TEST ? 'val_set' : 'train_set';
    return {
      pictures: [{ path: `${set}/images/${number}.jpg`, pixels, size }],
      files: [{ path: `${set}/annotations/${number}_exp.npy`, bytes: npyOfLetter(String(codeOf(one))) }],
    };
  },
};

export const affectnetCache: Layout = {
  summary: "AffectNet as Ada-DF's authors cached it: affectnet.csv with phase, img_path, label",
  splits: { [Split.TRAIN]: 'train', [Split.VALIDATION]: 'train', [Split.TEST]: 'val' },
  headers: { 'affectnet.csv': ',phase,img_path,label' },
  place(one) {
    const { face, number, pixels, size } = one;
    const phase = face.split === Split.TEST ? 'val' : 'train';
    const path = `${phase}/${number}.jpg`;
    return {
      pictures: [{ path, pixels, size }],
      lines: [{ file: 'affectnet.csv', line: [number - 1, phase, path, codeOf(one)].join(',') }],
    };
  },
};

/** NumPy's format 1.0 of an array without dimensions that holds one character, `<U1`. */
function npyOfLetter(letter: string): Uint8Array {
  const blockLength = 64;
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  const header = "{'descr': '<U1', 'fortran_order': False, 'shape': (), }";
  const padded = Math.ceil((magic.length + 2 + header.length + 1) / blockLength) * blockLength - magic.length - 2;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded);
  const value = Buffer.alloc(4);
  value.writeUInt32LE(letter.codePointAt(0)!);
  return Buffer.concat([magic, length, Buffer.from(`${header.padEnd(padded - 1)}\n`), value]);
}
