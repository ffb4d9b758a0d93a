import * as tf from '@tensorflow/tfjs-core';
import type { Mode } from './batch-norm.js';
import {
  type BranchOutputs,
  branchOutputs,
  type Network,
  type NetworkOutputs,
  outputsOf,
  sharedFeatures,
} from './network.js';
import { type BranchName, branchOfName } from './parameters.js';

/**
 * A step whose other branch is computed elsewhere at the same time, with the same images and the same shared layers.
 * The branches meet in
 * the losses alone, so each side needs of the other its logits and attention, which are constants for the gradients of
 * its own branch:
 * nothing is approximated.
 */
export interface Peer {
  /** As `forward` in training: this side's branch computed, the other's received. */
  forward(network: Network, images: tf.Tensor4D, mode: Mode): NetworkOutputs;
  /**
   * Each side has the gradient of the shared layers through its own branch; the sum is what both need. By name,
   * replaced in place.
   */
  addShared(gradients: Map<string, tf.Tensor>): void;
}

/**
 * Gives this side's numbers to the other and returns its; both sides call it in the same order with as many numbers.
 */
export type Exchange = (own: Float32Array) => Float32Array;

/** The backend must be one whose data can be read at once (`dataSync`). */
export function createPeer(own: BranchName, exchange: Exchange): Peer {
  return {
    forward: (network, images, mode) =>
      tf.tidy(() => {
        const mine = branchOutputs(network, own, sharedFeatures(network, images, mode), mode);
        const other = exchangeOutputs(mine, exchange);
        return own === 'auxiliary' ? outputsOf(mine, other) : outputsOf(other, mine);
      }),
    addShared: (gradients) => addShared(gradients, own, exchange),
  };
}

function exchangeOutputs({ logits, attention, features }: BranchOutputs, exchange: Exchange): BranchOutputs {
  const values = new Float32Array(logits.size + attention.size);
  values.set(logits.dataSync());
  values.set(attention.dataSync(), logits.size);
  const received = exchange(values);
  return {
    logits: tf.tensor2d(received.subarray(0, logits.size), logits.shape),
    attention: tf.tensor1d(received.subarray(logits.size)),
    features: tf.zeros(features.shape),
  };
}

/**
 * Both sides add the auxiliary gradient and the target one in this order: their sums have the same bits, and their
 * shared layers stay equal.
 */
function addShared(gradients: Map<string, tf.Tensor>, own: BranchName, exchange: Exchange): void {
  const shared = [...gradients].filter(([name]) => branchOfName(name) === null);
  if (shared.length === 0) return;
  const values = new Float32Array(shared.reduce((sum, [, gradient]) => sum + gradient.size, 0));
  let place = 0;
  for (const [, gradient] of shared) {
    values.set(gradient.dataSync(), place);
    place += gradient.size;
  }
  const received = exchange(values);
  place = 0;
  for (const [name, gradient] of shared) {
    const other = tf.tensor(received.subarray(place, place + gradient.size), gradient.shape);
    gradients.set(name, own === 'auxiliary' ? tf.add(gradient, other) : tf.add(other, gradient));
    tf.dispose([gradient, other]);
    place += gradient.size;
  }
}
