import { describe, expect, test } from 'vitest';
import { stepsAhead } from '../../../server/src/training/steps-ahead.js';

/** Steps that end when they are told to, and what was asked and handed out in which order. */
function steps(count: number) {
  const events: string[] = [];
  const ends: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  async function* inputs(): AsyncGenerator<number> {
    for (let i = 0; i < count; i++) yield i;
  }
  const ask = (input: number): Promise<number> => {
    events.push(`ask ${input}`);
    return new Promise((resolve, reject) => (ends[input] = { resolve, reject }));
  };
  return { events, ends, inputs: inputs(), ask };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('steps ahead of the one waited for', () => {
  test.each([
    [0, ['ask 0']],
    [1, ['ask 0', 'ask 1']],
    [2, ['ask 0', 'ask 1', 'ask 2']],
  ])('%d ahead: so many more are under way while the first is', async (ahead, asked) => {
    const { events, ends, inputs, ask } = steps(4);
    const results: number[] = [];
    const done = (async () => {
      for await (const { input, result } of stepsAhead(inputs, ask, ahead)) {
        events.push(`got ${input}`);
        results.push(result);
      }
    })();
    await settled();
    expect(events).toEqual(asked);
    for (let i = 0; i < 4; i++) {
      ends[i]!.resolve(i * 10);
      await settled();
    }
    await done;
    expect(results).toEqual([0, 10, 20, 30]);
    expect(events.filter((event) => event.startsWith('got'))).toEqual(['got 0', 'got 1', 'got 2', 'got 3']);
  });

  test('a failure is thrown when its turn comes, after those under way have ended', async () => {
    const { ends, inputs, ask } = steps(3);
    let over = false;
    const run = (async () => {
      for await (const _ of stepsAhead(inputs, ask, 1));
    })().catch((error: Error) => {
      over = true;
      return error.message;
    });
    await settled();
    ends[0]!.reject(new Error('out of memory'));
    await settled();
    expect(over).toBe(false);
    ends[1]!.reject(new Error('and so was this'));
    expect(await run).toBe('out of memory');
  });

  test('whoever stops early waits for those under way', async () => {
    const { ends, inputs, ask } = steps(3);
    let over = false;
    const run = (async () => {
      for await (const _ of stepsAhead(inputs, ask, 1)) break;
      over = true;
    })();
    await settled();
    ends[0]!.resolve(0);
    await settled();
    expect(over).toBe(false);
    ends[1]!.resolve(1);
    await run;
    expect(over).toBe(true);
  });
});
