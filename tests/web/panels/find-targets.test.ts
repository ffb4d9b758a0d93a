import { expect, test } from 'vitest';
import { findTargets } from '../../../web/src/panels/command-palette/find-targets.js';

const targets = [
  { name: 'clean, seed 1', kind: 'run, completed, on ferplus', href: '/runs/run_1' },
  { name: 'ferplus', kind: 'data set', href: '/datasets/dataset_1' },
  { name: 'Review ferplus', kind: 'action', href: '/review?dataset=dataset_1' },
];

test('the palette finds by words in any order, and puts first what begins with them', () => {
  expect(findTargets(targets, 'fer').map(({ name }) => name)).toEqual(['ferplus', 'clean, seed 1', 'Review ferplus']);
  expect(findTargets(targets, 'ferplus run').map(({ href }) => href)).toEqual(['/runs/run_1']);
  expect(findTargets(targets, 'no such thing')).toEqual([]);
});
