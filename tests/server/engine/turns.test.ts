import { describe, expect, it } from 'vitest';
import { markdownTable } from '../../../server/src/engine/bench/table.js';
import { inRounds, median, relativeRate } from '../../../server/src/engine/bench/turns.js';

describe('measuring in turns', () => {
  it('every contender has its turn in every round', async () => {
    const order: string[] = [];
    const contender = (name: string, time: number) => ({
      name,
      run: async (count: number): Promise<number[]> => {
        order.push(name);
        return new Array<number>(count).fill(time);
      },
    });
    const times = await inRounds([contender('a', 1), contender('b', 2)], 3, 2);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(times.get('a')).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(times.get('b')?.flat()).toHaveLength(6);
  });

  it('the median is the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
    expect(median([])).toBeNaN();
  });

  it('a relative rate is the median over rounds, its noise half the distance between the quartiles', () => {
    const own = [[10], [10], [10], [10], [10]];
    expect(relativeRate(own, [[20], [18], [22], [40], [16]])).toEqual({ rate: 2, noise: expect.closeTo(0.2, 6) });
    expect(relativeRate(own, own)).toEqual({ rate: 1, noise: 0 });
  });

  it('a table lines its columns up', () => {
    expect(
      markdownTable([
        ['name', 'ms'],
        ['a', '10'],
      ]),
    ).toBe('| name |  ms |\n| ---- | --: |\n| a    |  10 |');
  });
});
