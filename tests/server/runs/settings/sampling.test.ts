import { describe, expect, test } from 'vitest';
import {
  balancedOrder,
  epochOrder,
  epochPositions,
  samplesOfAnEpoch,
} from '../../../../server/src/runs/settings/sampling.js';
import { Sampling } from '../../../../server/src/runs/settings/choices.js';

/** 40 of class 0, 5 of class 2, 15 of class 1; none of class 3. */
const labels = Int16Array.from([
  ...Array<number>(40).fill(0),
  ...Array<number>(5).fill(2),
  ...Array<number>(15).fill(1),
]);

describe('class-balanced sampling', () => {
  const order = balancedOrder(labels, 1, 1);

  test('draws as many samples of every class as the smallest has, none twice', () => {
    expect(order).toHaveLength(15);
    for (const label of [0, 1, 2]) expect([...order].filter((position) => labels[position] === label)).toHaveLength(5);
    expect(new Set(order).size).toBe(15);
    expect(samplesOfAnEpoch([40, 15, 5, 0], Sampling.CLASS_BALANCED)).toBe(15);
  });

  test('mixes the classes', () => {
    const sequence = [...order].map((position) => labels[position]).join('');
    expect(sequence).not.toMatch(/0{5}|1{5}|2{5}/);
  });

  test('draws others in another epoch, the same for the same seed, and in the end every sample', () => {
    expect(balancedOrder(labels, 1, 1)).toEqual(order);
    expect(balancedOrder(labels, 2, 1)).not.toEqual(order);
    const seen = new Set<number>();
    for (let epoch = 1; epoch <= 60; epoch++)
      for (const position of balancedOrder(labels, 1, epoch)) seen.add(position);
    expect(seen.size).toBe(labels.length);
  });

  test('of nothing is nothing', () => {
    expect(balancedOrder(new Int16Array(0), 1, 1)).toHaveLength(0);
    expect(samplesOfAnEpoch([0, 0], Sampling.CLASS_BALANCED)).toBe(0);
  });
});

test('shuffling visits every sample, in the order of the epoch', () => {
  expect(epochPositions(labels, { sampling: Sampling.SHUFFLE, seed: 3, epoch: 2 })).toEqual(
    epochOrder(labels.length, 3, 2),
  );
  expect(samplesOfAnEpoch([40, 15, 5, 0], Sampling.SHUFFLE)).toBe(60);
});
