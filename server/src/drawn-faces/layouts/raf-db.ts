import { Split } from '../../split.js';
import { drawnClasses } from '../action-units.js';
import type { Layout } from './layout.js';

const labels = 'EmoLabel/list_patition_label.txt';
const distributions = 'EmoLabel/distributions.txt';

/** RAF-DB basic, with a file of distributions beside. The codes 1 to 7 are in the order of `drawnClasses`. */
export const rafDb: Layout = {
  summary: 'RAF-DB basic: EmoLabel/list_patition_label.txt, Image/aligned, and distributions of the votes',
  splits: { [Split.TRAIN]: 'train', [Split.VALIDATION]: 'train', [Split.TEST]: 'test' },
  unended: [labels],
  place({ face, label, number, pixels, size }) {
    const name = `${face.split === Split.TEST ? 'test' : 'train'}_${String(number).padStart(face.split === Split.TEST ? 4 : 5, '0')}`;
    const code = drawnClasses.findIndex((one) => one === label) + 1;
    const raters = face.votes.reduce((sum, count) => sum + count, 0);
    return {
      pictures: [{ path: `Image/aligned/${name}_aligned.jpg`, pixels, size }],
      lines: [
        { file: labels, line: `${name}.jpg ${code}` },
        { file: distributions, line: [`${name}.jpg`, ...face.votes.map((count) => count / raters)].join(' ') },
      ],
    };
  },
};
