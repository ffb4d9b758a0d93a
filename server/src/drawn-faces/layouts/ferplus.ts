import { Split } from '../../split.js';
import { drawnClasses } from '../action-units.js';
import { usages } from './fer2013.js';
import type { Layout } from './layout.js';

/** `unknown` and `NF`, not a face, are no classes. */
const columns = [
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
const folders = {
  [Split.TRAIN]: 'FER2013Train',
  [Split.VALIDATION]: 'FER2013Valid',
  [Split.TEST]: 'FER2013Test',
} as const;

export const ferplus: Layout = {
  summary: 'FER+: fer2013new.csv, and FER2013Train, FER2013Valid, FER2013Test with PNGs and label.csv',
  splits: folders,
  headers: { 'fer2013new.csv': `Usage,Image name,${columns.join(',')}` },
  place({ face, number, pixels, size }) {
    // Names run through all splits in the original; here each split has its own hundred thousands.
    const first = { [Split.TRAIN]: 0, [Split.VALIDATION]: 8_000_000, [Split.TEST]: 9_000_000 }[face.split];
    const name = `fer${String(first + number - 1).padStart(7, '0')}.png`;
    const votes = columns.map((column) => face.votes[drawnClasses.findIndex((one) => one === column)] ?? 0);
    const folder = folders[face.split];
    return {
      pictures: [{ path: `${folder}/${name}`, pixels, size }],
      lines: [
        { file: 'fer2013new.csv', line: [usages[face.split], name, ...votes].join(',') },
        { file: `${folder}/label.csv`, line: [name, `"(0, 0, ${size}, ${size})"`, ...votes].join(',') },
      ],
    };
  },
};
