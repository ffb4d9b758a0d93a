import { describe, expect, it } from 'vitest';
import { markdownTable } from '../../../server/src/engine/bench/table.js';
import { inTurns, median } from '../../../server/src/engine/bench/turns.js';

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
    const times = await inTurns([contender('a', 1), contender('b', 2)], 3, 2);
    expect(order).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
    expect(times.get('a')).toEqual([1, 1, 1, 1, 1, 1]);
    expect(times.get('b')).toHaveLength(6);
  });

  it('the median is the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 3])).toBe(4);
    expect(median([])).toBeNaN();
  });

  it('a table lines its columns up', () => {
    expect(markdownTable([['name', 'ms'], ['a', '10']])).toBe('| name |  ms |\n| ---- | --: |\n| a    |  10 |');
  });
});
