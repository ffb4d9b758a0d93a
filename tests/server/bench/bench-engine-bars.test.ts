import { describe, expect, test } from 'vitest';
import { verdicts } from '../../../server/src/bench/bench-engine-bars.js';

const rounds = (...milliseconds: number[]): number[][] => milliseconds.map((time) => [time, time]);
const judge = (pytorch: number[][], wasm: number[][], size = 48) =>
  verdicts(
    'native-cpu',
    size,
    new Map([
      ['PyTorch 1.13.0', pytorch],
      ['native-cpu', rounds(100, 100, 100)],
      ['wasm (tfjs-wasm, composed)', wasm],
    ]),
  );

describe('the bars of native-cpu', () => {
  test('are reached by its rate', () => {
    expect(judge(rounds(95, 95, 95), rounds(600, 600, 600))).toEqual([
      { line: 'native-cpu at 48 px against PyTorch: 0.95 x (noise 0.00), bar 0.9 x: reached', missed: false },
      { line: 'native-cpu at 48 px against tfjs-wasm: 6.00 x (noise 0.00), bar 5 x: reached', missed: false },
    ]);
  });

  test('are missed by more than the noise, not within it', () => {
    const [steady, noisy] = [
      judge(rounds(80, 80, 80), rounds(600, 600, 600)),
      judge(rounds(60, 80, 100), rounds(600, 600, 600)),
    ];
    expect(steady.map(({ missed }) => missed)).toEqual([true, false]);
    expect(noisy.map(({ missed }) => missed)).toEqual([false, false]);
    expect(noisy[0]!.line).toContain('within the noise');
  });

  test('are lower at larger images, and left out where the peer was not timed', () => {
    expect(judge(rounds(80, 80, 80), rounds(600, 600, 600), 112).map(({ missed }) => missed)).toEqual([false, false]);
    expect(verdicts('native-cpu', 48, new Map([['native-cpu', rounds(100)]]))).toEqual([]);
    expect(verdicts('native-cpu', 48, new Map([['wasm', rounds(100)]]))).toEqual([]);
  });
});
