import { expect, it } from 'vitest';
import { trainingGflop } from '../../../server/src/bench/bench-engine-case.js';

it.each([
  [48, 0.897],
  [64, 1.282],
  [112, 4.303],
  [224, 15.7],
])('a training step at %d px takes %d GFLOP an image', (size, expected) => {
  expect(trainingGflop({ size, batch: 1, width: 64, backbone: 'resnet18' })).toBeCloseTo(
    expected,
    size === 224 ? 1 : 3,
  );
});
