import { Split } from '../../split.js';
import type { Layout } from './layout.js';

/** In the order of FER2013's codes; ExpW has the same. */
export const fer2013Codes = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'];

/** Folder names of FER2013 and, with a capital, of SFEW. */
export const folderNames: Readonly<Record<string, string>> = {
  anger: 'angry',
  disgust: 'disgust',
  fear: 'fear',
  happiness: 'happy',
  sadness: 'sad',
  surprise: 'surprise',
  neutral: 'neutral',
};

/** What FER2013 and FER+ call the splits. */
export const usages = {
  [Split.TRAIN]: 'Training',
  [Split.VALIDATION]: 'PublicTest',
  [Split.TEST]: 'PrivateTest',
} as const;

/** The pictures are in the table, grey; 48 pixels in the original. */
export const fer2013: Layout = {
  summary: 'FER2013: fer2013.csv with the grey values of each picture',
  splits: usages,
  headers: { 'fer2013.csv': 'emotion,pixels,Usage' },
  place({ face, label, pixels }) {
    return {
      pictures: [],
      lines: [
        {
          file: 'fer2013.csv',
          line: `${fer2013Codes.indexOf(label)},${greyOf(pixels).join(' ')},${usages[face.split]}`,
        },
      ],
    };
  },
};

export const fer2013Folders: Layout = {
  summary: 'FER2013 as folders: train|test/<class>/*.jpg',
  splits: { [Split.TRAIN]: 'train', [Split.VALIDATION]: 'train', [Split.TEST]: 'test' },
  place({ face, label, number, pixels, size }) {
    const [folder, prefix] = face.split === Split.TEST ? ['test', 'PrivateTest'] : ['train', 'Training'];
    return { pictures: [{ path: `${folder}/${folderNames[label]}/${prefix}_${number}.jpg`, pixels, size }] };
  },
};

/** Luma of ITU-R 601-2, whole numbers. */
function greyOf(pixels: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: pixels.length / 3 }, (_, place) =>
    Math.round(0.299 * pixels[place * 3] + 0.587 * pixels[place * 3 + 1] + 0.114 * pixels[place * 3 + 2]),
  );
}
