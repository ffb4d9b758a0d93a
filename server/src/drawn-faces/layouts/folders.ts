import { InvalidInputError } from '../../errors.js';
import { Split } from '../../split.js';
import { picturesOfAPerson } from '../drawn-face.js';
import { folderNames } from './fer2013.js';
import type { Layout } from './layout.js';

export const folder: Layout = {
  summary: 'folders: <split>/<class>/*.png',
  splits: { [Split.TRAIN]: 'train', [Split.VALIDATION]: 'validation', [Split.TEST]: 'test' },
  place: ({ face, label, pixels, size }) => ({
    pictures: [{ path: `${face.split.toLowerCase()}/${label}/${face.key}.png`, pixels, size }],
  }),
};

export const sfew: Layout = {
  summary: 'SFEW 2.0: Train/<Class>/* and Val/<Class>/*',
  splits: { [Split.TRAIN]: 'Train', [Split.VALIDATION]: 'Train', [Split.TEST]: 'Val' },
  place({ face, label, number, pixels, size }) {
    const name = folderNames[label];
    const set = face.split === Split.TEST ? 'Val' : 'Train';
    return {
      pictures: [
        {
          path: `${set}/${name[0].toUpperCase()}${name.slice(1)}/Drawn_${String(number).padStart(6, '0')}.png`,
          pixels,
          size,
        },
      ],
    };
  },
};

/** Subjects have three digits; a third of them belongs to each split. */
const mostFacesOfASplit = 333 * picturesOfAPerson;

/** CK+48 has no neutral faces and no splits. */
export const ckPlus: Layout = {
  summary: 'CK+48: <class>/S010_004_00000017.png, without neutral faces',
  splits: { [Split.TRAIN]: 'all', [Split.VALIDATION]: 'all', [Split.TEST]: 'all' },
  check(counts) {
    for (const [split, count] of Object.entries(counts)) {
      if (count > mostFacesOfASplit)
        throw new InvalidInputError(
          `counts.${split}`,
          `at most ${mostFacesOfASplit} faces, because subjects have three digits in this layout`,
          count,
        );
    }
  },
  place({ face, label, pixels, size }) {
    if (label === 'neutral') return null;
    const name = label === 'happiness' ? 'happy' : label;
    const sequence = face.key.slice(face.subject.length + 1);
    return {
      pictures: [
        {
          path: `${name}/S${String(subjectNumber(face.subject)).padStart(3, '0')}_0${sequence}_00000017.png`,
          pixels,
          size,
        },
      ],
    };
  },
};

/** People of the three splits have numbers of their own: 1, 4, 7 …; 2, 5, 8 …; 3, 6, 9 …. */
function subjectNumber(subject: string): number {
  const [split, number] = subject.split('-') as [string, string];
  return Number(number) * 3 + ['train', 'validation', 'test'].indexOf(split) + 1;
}
