import { relativeRate } from '../engine/bench/turns.js';

/** What `native-cpu` has to reach: so many times the rate of its peer. */
export interface Bar {
  title: string;
  /** Name of the contender compared with, or what it starts with. */
  peer: string;
  rate: number;
}

/** Shares of PyTorch's rate by image size: its kernels of one image size suit it better than those of another. */
const PYTORCH_SHARES: Record<number, number> = { 48: 0.9, 112: 0.75, 224: 0.75 };
const timesWasm = 5;

export function barsOf(size: number): Bar[] {
  const share = PYTORCH_SHARES[size];
  const wasm = { title: 'against tfjs-wasm', peer: 'wasm', rate: timesWasm };
  return share === undefined ? [wasm] : [{ title: 'against PyTorch', peer: 'PyTorch', rate: share }, wasm];
}

export interface Verdict {
  line: string;
  /** By more than the noise that was measured. */
  missed: boolean;
}

/** @param times of each contender, milliseconds by round. A bar whose peer was not timed has no verdict. */
export function verdicts(own: string, size: number, times: ReadonlyMap<string, number[][]>): Verdict[] {
  const mine = times.get(own);
  if (mine === undefined) return [];
  return barsOf(size).flatMap(({ title, peer, rate: wanted }) => {
    const theirs = [...times].find(([name]) => name.startsWith(peer));
    if (theirs === undefined) return [];
    const { rate, noise } = relativeRate(mine, theirs[1]);
    const missed = rate + noise < wanted;
    const outcome = missed ? 'MISSED' : rate < wanted ? 'within the noise' : 'reached';
    return [
      {
        line: `${own} at ${size} px ${title}: ${rate.toFixed(2)} x (noise ${noise.toFixed(2)}), bar ${wanted} x: ${outcome}`,
        missed,
      },
    ];
  });
}
