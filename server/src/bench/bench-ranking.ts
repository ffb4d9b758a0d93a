import { argmax } from '../metrics/argmax.js';
import { confidentThresholds, suggestedClass } from '../metrics/confident-learning.js';
import { argsort } from '../metrics/order.js';
import { randomFrom } from '../random.js';

const [samples, classes, rounds] = [70_000, 10, 15];
/** Milliseconds of processor time. */
const bar = 50;

/**
 * Confident learning over 70,000 x 10 probabilities, from thresholds to the suspects ranked by self-confidence: what
 * cleanlab's `find_label_issues(return_indices_ranked_by="self_confidence")` does. @returns whether the median keeps the bar.
 */
export function benchRanking({ print }: { print: (line: string) => void }): boolean {
  const { distributions, labels } = material();
  const times: number[] = [];
  let suspects = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    suspects = rankSuspects(distributions, labels).length;
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(rounds / 2)];
  print(
    `ranking ${samples} x ${classes}: median ${median.toFixed(1)} ms, best ${times[0].toFixed(1)} ms of processor time, ${suspects} suspects; bar ${bar} ms`,
  );
  return median < bar;
}

/** Places of suspected labels, the least self-confident first. */
function rankSuspects(distributions: Float32Array, labels: Int16Array): Int32Array {
  const thresholds = confidentThresholds(distributions, labels, classes);
  const found: number[] = [];
  for (let n = 0; n < labels.length; n++)
    if (suggestedClass(distributions.subarray(n * classes, (n + 1) * classes), labels[n], thresholds) >= 0)
      found.push(n);
  const places = Int32Array.from(found);
  const order = argsort(Float32Array.from(places, (n) => distributions[n * classes + labels[n]]));
  return order.map((place) => places[place]);
}

/** Probabilities of a network that is mostly right, 15 % of the labels flipped. */
function material(): { distributions: Float32Array; labels: Int16Array } {
  const random = randomFrom(1);
  const distributions = new Float32Array(samples * classes);
  const labels = new Int16Array(samples);
  for (let n = 0; n < samples; n++) {
    const truth = random.integer(classes);
    let total = 0;
    for (let k = 0; k < classes; k++) {
      const power = Math.exp(3 * random.uniform() + (k === truth ? 3 : 0));
      distributions[n * classes + k] = power;
      total += power;
    }
    const row = distributions.subarray(n * classes, (n + 1) * classes);
    for (let k = 0; k < classes; k++) row[k] /= total;
    labels[n] = random.uniform() < 0.15 ? random.integer(classes) : argmax(row);
  }
  return { distributions, labels };
}
