import { batchNormEpsilon } from '../../ada-df/batch-norm.js';
import type { AdaDfConfig } from '../../ada-df/config.js';
import { branchNames, type NamedWeights } from '../../ada-df/parameters.js';
import {
  type After,
  type Convolution,
  featureCount,
  type Operations,
  walkBranch,
  walkShared,
} from '../../ada-df/resnet.js';
import { GraphBuilder } from '../../engine/onnx/graph-builder.js';
import type { OnnxGraph } from '../../engine/onnx/onnx-protobuf.js';

/**
 * The network in evaluation mode as one graph, every batch norm folded into the convolution before it.
 * Input `images` `[N, H, W, 3]`; outputs, of each branch, `<branch>Logits` and `<branch>Distribution` `[N, C]`,
 * `<branch>Attention` `[N, 1]`,
 * `<branch>Features` `[N, F]`.
 */
export function networkGraph(config: AdaDfConfig, weights: NamedWeights): OnnxGraph {
  const building: Building = { graph: new GraphBuilder(), weights };
  const { graph } = building;
  const images = graph.operation('Transpose', [graph.input('images', ['N', 'H', 'W', 3])], { perm: [0, 3, 1, 2] });
  const operations: Operations<string> = {
    convolution: (prefix, convolution, x, after) => foldedConvolution(building, prefix, convolution, x, after),
    maxPool: (x) => graph.operation('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  };
  const shared = walkShared(config, operations, images);
  for (const branch of branchNames) {
    const last = walkBranch(config, operations, branch, shared);
    const features = graph.operation('Flatten', [graph.operation('GlobalAveragePool', [last])], { axis: 1 });
    const attention = graph.operation('Sigmoid', [linear(building, `${branch}.attention`, features)]);
    const logits = graph.operation('Mul', [attention, linear(building, `${branch}.fc`, features)]);
    graph.output(`${branch}Distribution`, ['N', config.classes], graph.operation('Softmax', [logits], { axis: 1 }));
    graph.output(`${branch}Logits`, ['N', config.classes], logits);
    graph.output(`${branch}Attention`, ['N', 1], attention);
    graph.output(`${branch}Features`, ['N', featureCount(config)], features);
  }
  return graph.finish();
}

interface Building {
  graph: GraphBuilder;
  weights: NamedWeights;
}

/**
 * scale * (conv(x) - mean) / deviation + shift = conv of the filter times (scale / deviation), plus (shift - mean *
 * scale / deviation).
 */
function foldedConvolution(
  { graph, weights }: Building,
  prefix: string,
  { name, norm, kernel, stride }: Convolution,
  x: string,
  after: After<string>,
): string {
  const { shape, data } = weights.get(`${prefix}${name}.weight`)!;
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    (part) => weights.get(`${prefix}${norm}.${part}`)!.data,
  );
  const factors = Array.from(scale!, (value, channel) => value / Math.sqrt(variance![channel] + batchNormEpsilon));
  const window = data.length / factors.length;
  const filter = data.map((value, index) => value * factors[Math.floor(index / window)]);
  const bias = Float32Array.from(factors, (factor, channel) => shift![channel] - mean![channel] * factor);
  const pad = (kernel - 1) / 2;
  const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad] };
  const convolved = graph.operation(
    'Conv',
    [x, graph.constant(shape, filter), graph.constant([factors.length], bias)],
    attributes,
  );
  const sum = after.residual === undefined ? convolved : graph.operation('Add', [convolved, after.residual]);
  return after.relu ? graph.operation('Relu', [sum]) : sum;
}

function linear({ graph, weights }: Building, name: string, x: string): string {
  const [weight, bias] = ['weight', 'bias'].map((part) => weights.get(`${name}.${part}`)!);
  return graph.operation(
    'Gemm',
    [x, graph.constant(weight!.shape, weight!.data), graph.constant(bias!.shape, bias!.data)],
    { transB: 1 },
  );
}
