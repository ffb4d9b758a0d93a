import type { Random } from '../../random.js';

/** A standard normal draw (Box and Muller); takes two numbers from the generator. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}
