import * as tf from '@tensorflow/tfjs-core';
import type { Mode } from './batch-norm.js';
import { branchMap, linearLayer, type Network, sharedFeatures } from './network.js';
import type { BranchName } from './parameters.js';

/**
 * Grad-CAM (Selvaraju et al., arXiv 1610.02391) of every class at the last feature map A `[h, w, F]` of a branch:
 * max(0, sum_c alpha_kc A_c) with alpha_k the mean gradient of the logit z_k = a (W_k f + b_k) over the map, a =
 * sigmoid(u f + c) and f = mean A. Both follow in closed form, dz_k / df = a W_k + a (1 - a) (W_k f + b_k) u, and
 * df / dA_ij = 1 / hw, so nothing is differentiated: what raises the attention raises the logit, and counts.
 * @param images `[B, H, W, 3]`, normalised as in training. @returns `[B, h, w, C]`, the caller's to dispose.
 */
export function gradCam(network: Network, images: tf.Tensor4D, mode: Mode): Record<BranchName, tf.Tensor4D> {
  return tf.tidy(() => {
    const shared = sharedFeatures(network, images, mode);
    return {
      auxiliary: ofMap(network, 'auxiliary', branchMap(network, 'auxiliary', shared, mode)),
      target: ofMap(network, 'target', branchMap(network, 'target', shared, mode)),
    };
  });
}

/** @param map A, `[B, h, w, F]`. */
function ofMap(network: Network, branch: BranchName, map: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, count] = map.shape;
  const features = tf.mean<tf.Tensor2D>(map, [1, 2]);
  const classifier = linearLayer(network, `${branch}.fc`);
  const attention = linearLayer(network, `${branch}.attention`);
  const a = tf.sigmoid(tf.add(tf.matMul(features, attention.weight), attention.bias));
  const plain = tf.add(tf.matMul(features, classifier.weight), classifier.bias);
  const classes = classifier.bias.size;
  // [B, F, C]: a W + a (1 - a) (W f + b) u
  const byClassifier = tf.mul(tf.reshape(a, [batch, 1, 1]), tf.expandDims(classifier.weight, 0));
  const slope = tf.mul(tf.mul(a, tf.sub(1, a)), plain);
  const byAttention = tf.mul(tf.reshape(slope, [batch, 1, classes]), tf.reshape(attention.weight, [1, count, 1]));
  const alpha = tf.div(tf.add(byClassifier, byAttention), height * width) as tf.Tensor3D;
  const flat = tf.reshape(map, [batch, height * width, count]) as tf.Tensor3D;
  return tf.reshape(tf.relu(tf.matMul(flat, alpha)), [batch, height, width, classes]);
}
