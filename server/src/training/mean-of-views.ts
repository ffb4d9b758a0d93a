import type { Evaluation } from '../models/forward-pass/forward-pass.js';

/**
 * What is said of an image is the mean over its views, which follow each other: logits before the softmax, attention,
 * features.
 */
export function meanOfViews(found: Evaluation, { views, classes }: { views: number; classes: number }): Evaluation {
  if (views === 1) return found;
  const images = found.auxiliaryAttention.length / views;
  const mean = (values: Float32Array): Float32Array => {
    const width = values.length / images / views;
    return Float32Array.from({ length: images * width }, (_, place) => {
      const first = Math.floor(place / width) * views * width + (place % width);
      let sum = 0;
      for (let view = 0; view < views; view++) sum += values[first + view * width];
      return sum / views;
    });
  };
  const [auxiliaryLogits, targetLogits] = [mean(found.auxiliaryLogits), mean(found.targetLogits)];
  return {
    auxiliaryLogits,
    targetLogits,
    labelDistributions: softmax(auxiliaryLogits, classes),
    targetDistributions: softmax(targetLogits, classes),
    auxiliaryAttention: mean(found.auxiliaryAttention),
    targetAttention: mean(found.targetAttention),
    auxiliaryFeatures: mean(found.auxiliaryFeatures),
    targetFeatures: mean(found.targetFeatures),
  };
}

/** Of each row of `classes` logits. */
function softmax(logits: Float32Array, classes: number): Float32Array {
  const values = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classes) {
    const own = logits.subarray(row, row + classes);
    const largest = Math.max(...own);
    const powers = Array.from(own, (logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    values.set(
      powers.map((power) => power / sum),
      row,
    );
  }
  return values;
}
