import { Split } from '../../split.js';
import { drawnClasses } from '../action-units.js';
import type { Layout } from './layout.js';

const header = [
  'path',
  'key',
  'label',
  'clean_label',
  'split',
  'subject',
  ...drawnClasses.map((name) => `votes:${name}`),
  ...drawnClasses.map((name) => `p:${name}`),
];

/** Everything that is known of a face: given and clean label, votes, true distribution, subject. */
export const manifest: Layout = {
  summary: 'manifest.csv with label, clean label, split, subject, votes and true distribution',
  splits: { [Split.TRAIN]: 'train', [Split.VALIDATION]: 'validation', [Split.TEST]: 'test' },
  headers: { 'manifest.csv': header.join(',') },
  place({ face, label, pixels, size }) {
    const split = face.split.toLowerCase();
    const path = `images/${split}/${face.key}.png`;
    // Float32 is what a data set keeps of a distribution.
    const distribution = face.trueDistribution.map((value) => Math.fround(value));
    return {
      pictures: [{ path, pixels, size }],
      lines: [
        {
          file: 'manifest.csv',
          line: [
            path,
            face.key,
            label,
            drawnClasses[face.cleanLabelIndex],
            split,
            face.subject,
            ...face.votes,
            ...distribution,
          ].join(','),
        },
      ],
    };
  },
};
