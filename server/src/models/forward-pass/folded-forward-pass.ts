import * as tf from '@tensorflow/tfjs-core';
import { batchNormEpsilon } from '../../ada-df/batch-norm.js';
import type { Kernels } from '../../ada-df/kernels.js';
import type { Network } from '../../ada-df/network.js';
import { type BranchName, branchNames } from '../../ada-df/parameters.js';
import {
  type After,
  type Convolution,
  convolutionsOf,
  type Operations,
  walkBranch,
  walkShared,
} from '../../ada-df/resnet.js';

/** Filter `[k, k, in, out]` and bias `[out]` of a convolution that its batch norm has been folded into. */
interface Folded {
  filter: tf.Tensor4D;
  bias: tf.Tensor1D;
}

/**
 * A network in evaluation mode on the engine's device, a pass a convolution. Weights stay as they were when it was
 * folded.
 */
export class FoldedNetwork {
  private readonly folded = new Map<string, Folded>();

  constructor(
    private readonly network: Network,
    private readonly convolve: NonNullable<Kernels['finishedConvolution']>,
  ) {
    const { config } = network;
    tf.tidy(() => {
      for (const part of [null, ...branchNames])
        for (const [prefix, convolution] of convolutionsOf(config, part)) this.fold(prefix, convolution);
    });
  }

  /**
   * @param images `[N, H, W, 3]`. @returns by branch, inside the caller's tidy: logits and distribution `[N, C]`,
   * attention `[N, 1]`, features `[N, F]`.
   */
  evaluate(
    images: tf.Tensor4D,
  ): Record<BranchName, Record<'logits' | 'distribution' | 'attention' | 'features', tf.Tensor2D>> {
    const { config } = this.network;
    const operations: Operations<tf.Tensor4D> = {
      convolution: (prefix, convolution, x, after) => this.convolution(prefix, convolution, x, after),
      maxPool: (x) => tf.maxPool(x, 3, 2, 1),
    };
    const shared = walkShared(config, operations, images);
    const [auxiliary, target] = branchNames.map((branch) => {
      const last = walkBranch(config, operations, branch, shared);
      const features = tf.mean<tf.Tensor2D>(last, [1, 2]);
      const attention = tf.sigmoid(this.linear(`${branch}.attention`, features));
      const logits = tf.mul<tf.Tensor2D>(attention, this.linear(`${branch}.fc`, features));
      return { logits, distribution: tf.softmax(logits), attention, features };
    });
    return { auxiliary: auxiliary!, target: target! };
  }

  dispose(): void {
    for (const { filter, bias } of this.folded.values()) tf.dispose([filter, bias]);
    this.folded.clear();
  }

  /**
   * scale * (conv(x) - mean) / deviation + shift = conv of the filter times (scale / deviation), plus (shift - mean *
   * scale / deviation).
   */
  private fold(prefix: string, { name, norm }: Convolution): void {
    const of = (part: string): tf.Variable => this.variable(`${prefix}${norm}.${part}`);
    const factor = tf.div(of('weight'), tf.sqrt(tf.add(of('running_var'), batchNormEpsilon)));
    const filter = tf.keep(tf.mul<tf.Tensor4D>(this.variable(`${prefix}${name}.weight`), factor));
    const bias = tf.keep(tf.sub<tf.Tensor1D>(of('bias'), tf.mul(of('running_mean'), factor)));
    this.folded.set(`${prefix}${name}`, { filter, bias });
  }

  private convolution(
    prefix: string,
    { name, kernel, stride }: Convolution,
    x: tf.Tensor4D,
    after: After<tf.Tensor4D>,
  ): tf.Tensor4D {
    const { filter, bias } = this.folded.get(`${prefix}${name}`)!;
    return this.convolve(x, filter, bias, { ...after, stride, padding: (kernel - 1) / 2 });
  }

  private linear(name: string, x: tf.Tensor2D): tf.Tensor2D {
    return tf.add(
      tf.matMul(x, this.variable(`${name}.weight`) as tf.Variable<tf.Rank.R2>),
      this.variable(`${name}.bias`),
    );
  }

  private variable(name: string): tf.Variable {
    return this.network.variables.get(name)!;
  }
}
