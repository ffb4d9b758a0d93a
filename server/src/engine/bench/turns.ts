/** Something that can be timed again and again: what a measurement runs in turns with others. */
export interface Contender {
  name: string;
  /** Runs `count` times. @returns the milliseconds of each. */
  run(count: number): Promise<number[]>;
}

/**
 * Runs contenders in turns, so that whatever else the machine does meets all of them alike.
 * @returns milliseconds by contender and round.
 */
export async function inRounds(
  contenders: readonly Contender[],
  rounds: number,
  runsARound: number,
): Promise<Map<string, number[][]>> {
  const times = new Map<string, number[][]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) times.get(contender.name)?.push(await contender.run(runsARound));
  }
  return times;
}

/** @returns NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** As `inRounds`. @returns milliseconds of every run, by contender. */
export async function inTurns(
  contenders: readonly Contender[],
  rounds: number,
  runsARound: number,
): Promise<Map<string, number[]>> {
  const times = await inRounds(contenders, rounds, runsARound);
  return new Map([...times].map(([name, byRound]) => [name, byRound.flat()]));
}

export interface RelativeRate {
  /** How many times as fast, the median over rounds. */
  rate: number;
  /** Half the distance between the quartiles of the rounds: what the machine's noise makes of `rate`. */
  noise: number;
}

/** How many times as fast as `peer` something ran, round by round. */
export function relativeRate(own: readonly number[][], peer: readonly number[][]): RelativeRate {
  const rates = own.map((times, round) => median(peer[round]) / median(times)).sort((a, b) => a - b);
  const quartile = (share: number): number => rates[Math.round(share * (rates.length - 1))];
  return { rate: median(rates), noise: (quartile(0.75) - quartile(0.25)) / 2 };
}
