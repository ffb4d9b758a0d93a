import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../server/src/ada-df/config.js';
import { gradCam } from '../../../server/src/ada-df/grad-cam.js';
import { uniform } from '../../../server/src/ada-df/initial-weights.js';
import { referenceKernels } from '../../../server/src/ada-df/kernels.js';
import {
  branchMap,
  createNetwork,
  disposeNetwork,
  linearLayer,
  sharedFeatures,
} from '../../../server/src/ada-df/network.js';
import { expectClose, useEngine, withoutLeak } from './running-engine.js';

useEngine('native-cpu');
const config = { ...defaultConfig, width: 8, classes: 3 };
const evaluation = { training: false, kernels: referenceKernels };
const branches = ['auxiliary', 'target'] as const;

describe('Grad-CAM', () => {
  it('is the map weighed by the mean gradient of a logit, as differentiation gives it, attention included', async () => {
    await withoutLeak(async () => {
      const network = createNetwork(config, 3);
      const images = tf.tensor4d(
        Array.from({ length: 2 * 96 * 96 * 3 }, (_, i) => 4 * uniform(5, i) - 2),
        [2, 96, 96, 3],
      );
      const found = gradCam(network, images, evaluation);
      expect(found.target.shape).toEqual([2, 3, 3, 3]);
      for (const branch of branches)
        for (let k = 0; k < 3; k++) {
          const [expected, actual] = tf.tidy(() => {
            const map = branchMap(network, branch, sharedFeatures(network, images, evaluation), evaluation);
            const logit = (x: tf.Tensor): tf.Scalar => {
              const f = tf.mean(x, [1, 2]) as tf.Tensor2D;
              const [u, w] = [linearLayer(network, `${branch}.attention`), linearLayer(network, `${branch}.fc`)];
              const a = tf.sigmoid(tf.add(tf.matMul(f, u.weight), u.bias));
              const z = tf.mul(a, tf.add(tf.matMul(f, w.weight), w.bias));
              return tf.sum(tf.mul(z, tf.oneHot(tf.tensor1d([k], 'int32'), 3)));
            };
            const alpha = tf.mean(tf.grad(logit)(map), [1, 2], true);
            const cam = tf.relu(tf.sum(tf.mul(map, alpha), 3));
            return [cam, tf.squeeze(tf.slice(found[branch], [0, 0, 0, k], [2, 3, 3, 1]), [3])];
          });
          expectClose(Array.from(await actual!.data()), Array.from(await expected!.data()), 1e-5);
          tf.dispose([expected!, actual!]);
        }
      tf.dispose([images, found.auxiliary, found.target]);
      disposeNetwork(network);
    });
  });
});
