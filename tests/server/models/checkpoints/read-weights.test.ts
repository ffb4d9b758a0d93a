import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../../server/src/ada-df/config.js';
import { referenceKernels } from '../../../../server/src/ada-df/kernels.js';
import { disposeNetwork, forward, networkFromWeights } from '../../../../server/src/ada-df/network.js';
import { parametersOf } from '../../../../server/src/ada-df/parameters.js';
import { type Engine, startEngine } from '../../../../server/src/engine/engine.js';
import { encodeSafetensors, type NamedTensor } from '../../../../server/src/models/checkpoints/safetensors.js';
import { readWeights, type ReadWeights } from '../../../../server/src/models/checkpoints/weights/read-weights.js';
import { startingWeights } from '../../../../server/src/models/checkpoints/weights/starting-weights.js';
import { adaDfTensors } from '../../../../server/src/models/checkpoints/weights/weight-names.js';

const folder = 'tests/fixtures/pytorch';
const expected = JSON.parse((await readFile(`${folder}/expected.json`)).toString()) as {
  authors: Record<
    'labelDistributions' | 'targetDistributions' | 'auxiliaryAttention' | 'targetAttention' | 'classDistributions',
    number[]
  > & { sums: Record<string, number> };
  backbones: Record<'resnet18' | 'resnet50', Record<string, number>>;
};
const sum = (tensor: NamedTensor | undefined): number => tensor!.data.reduce((total, value) => total + value, 0);

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'weights-'))));
afterAll(() => rm(directory, { recursive: true }));

async function saved(
  tensors: ReadonlyMap<string, NamedTensor>,
  name = 'changed.safetensors',
  metadata: Record<string, string> = {},
): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, Buffer.concat(encodeSafetensors(tensors, metadata)));
  return file;
}

describe("a checkpoint of the authors' code", () => {
  let weights: ReadWeights;
  beforeAll(async () => void (weights = await readWeights(`${folder}/authors.pth.tar`)));

  test('says what network it holds and how it was trained', () => {
    expect(weights).toMatchObject({
      architecture: { backbone: 'resnet18', width: 2 },
      classes: 3,
      format: 'PYTORCH',
      naming: 'authors',
      epoch: 12,
      accuracy: 88.5,
      bestAccuracy: 90.04,
    });
    expect(Array.from(weights.classDistributions!)).toEqual(expected.authors.classDistributions.map(Math.fround));
    expect(weights.ignored.length).toBeGreaterThan(0);
    expect(weights.ignored.every((name) => name.endsWith('.num_batches_tracked'))).toBe(true);
  });

  test('every tensor arrives under its own name', () => {
    const names = adaDfTensors({ backbone: 'resnet18', width: 2 }, 3, 'authors');
    expect(names.length).toBe(weights.tensors.size);
    for (const { name, keys } of names)
      expect(sum(weights.tensors.get(name)), name).toBeCloseTo(expected.authors.sums[keys[0]!]!, 4);
  });

  test('computes what PyTorch computes', async () => {
    const engine: Engine = await startEngine({ backend: 'cpu', threads: 1, log: () => undefined });
    const network = networkFromWeights({ ...defaultConfig, width: 2, classes: 3 }, weights.tensors);
    const size = 40;
    const planes = Float32Array.from({ length: 2 * 3 * size * size }, (_, i) => Math.sin(i * 0.37));
    const outputs = tf.tidy(() => {
      const images = tf.transpose(tf.tensor4d(planes, [2, 3, size, size]), [0, 2, 3, 1]);
      const { auxiliaryLogits, targetLogits, auxiliaryAttention, targetAttention } = forward(network, images, {
        training: false,
        kernels: referenceKernels,
      });
      return {
        labelDistributions: tf.softmax(auxiliaryLogits),
        targetDistributions: tf.softmax(targetLogits),
        auxiliaryAttention,
        targetAttention,
      };
    });
    for (const [name, tensor] of Object.entries(outputs)) {
      const wanted = expected.authors[name as keyof typeof outputs];
      (await tensor.data()).forEach((value, n) => expect(value, `${name}[${n}]`).toBeCloseTo(wanted[n]!, 5));
    }
    disposeNetwork(network);
    tf.dispose(outputs);
    await engine.dispose();
  });

  test('a missing and a surplus tensor are both named', async () => {
    const changed = new Map(
      [...weights.tensors]
        .filter(([name]) => name !== 'target.layer3.0.conv1.weight')
        .map(([name, tensor]) => [name === 'layer1.0.bn1.bias' ? 'layer1.0.bn9.bias' : name, tensor]),
    );
    const failure = readWeights(await saved(changed));
    await expect(failure).rejects.toMatchObject({
      code: 'CHECKPOINT_WEIGHTS',
      details: { missing: ['layer1.0.bn1.bias', 'target.layer3.0.conv1.weight'], surplus: ['layer1.0.bn9.bias'] },
      message:
        'The weights do not fit a ResNet-18 of width 2 with two branches and 3 classes: 2 tensors are missing (layer1.0.bn1.bias, target.layer3.0.conv1.weight); 1 tensor is not part of it (layer1.0.bn9.bias).',
    });
  });

  test('a tensor of another shape is named with both shapes', async () => {
    const changed = new Map(weights.tensors).set('target.fc.bias', { shape: [4], data: new Float32Array(4) });
    await expect(readWeights(await saved(changed))).rejects.toThrow(
      '1 tensor is of another shape (target.fc.bias: expected [3], found [4])',
    );
  });

  test('a weight that is not finite is named', async () => {
    const changed = new Map(weights.tensors).set('target.fc.bias', {
      shape: [3],
      data: Float32Array.of(0, Number.NaN, 1),
    });
    await expect(readWeights(await saved(changed))).rejects.toThrow(
      'Tensor target.fc.bias: element 1 is NaN; expected finite numbers.',
    );
  });

  test('two names of one tensor that hold different numbers are refused', async () => {
    const keys = adaDfTensors({ backbone: 'resnet18', width: 2 }, 3, 'authors').flatMap(({ name, keys: all }) =>
      all.map((key) => [key, weights.tensors.get(name)!] as const),
    );
    expect((await readWeights(await saved(new Map(keys)))).naming).toBe('authors');
    const changed = new Map(keys).set('branch_2_classifier.bias', { shape: [3], data: Float32Array.of(9, 9, 9) });
    await expect(readWeights(await saved(changed))).rejects.toThrow(
      '1 tensor is stored twice with different numbers (branch_2.4.bias and branch_2_classifier.bias)',
    );
  });
});

describe('a pretrained backbone', () => {
  test.each([
    ['resnet18-legacy.pth', 'resnet18'],
    ['resnet50-half.pth', 'resnet50'],
  ] as const)('%s is read by its torchvision names', async (file, backbone) => {
    const weights = await readWeights(`${folder}/${file}`);
    expect(weights).toMatchObject({
      architecture: { backbone, width: 2 },
      classes: null,
      naming: 'torchvision',
      classDistributions: null,
    });
    expect(weights.leftOut.map(({ name }) => name)).toEqual([file.includes('legacy') ? 'module.fc' : 'fc']);
    expect(sum(weights.tensors.get('stem.conv.weight'))).toBeCloseTo(expected.backbones[backbone]['conv1.weight']!, 4);
    expect(sum(weights.tensors.get('layer4.1.bn2.running_var'))).toBeCloseTo(
      expected.backbones[backbone]['layer4.1.bn2.running_var']!,
      4,
    );
  });

  test('starts both branches as copies, with classifiers and attentions of their own', async () => {
    const source = await readWeights(`${folder}/resnet18-legacy.pth`);
    const config = { ...defaultConfig, width: 2, classes: 7 };
    const { weights, fresh } = startingWeights(source, config, 5);
    expect(fresh.toSorted()).toEqual(
      ['auxiliary', 'target']
        .flatMap((branch) =>
          ['attention.bias', 'attention.weight', 'fc.bias', 'fc.weight'].map((part) => `${branch}.${part}`),
        )
        .toSorted(),
    );
    expect(weights.get('auxiliary.layer3.0.conv2.weight')!.data).toEqual(
      source.tensors.get('layer3.0.conv2.weight')!.data,
    );
    expect(weights.get('target.layer3.0.conv2.weight')!.data).toEqual(
      source.tensors.get('layer3.0.conv2.weight')!.data,
    );
    expect(weights.get('target.fc.weight')).toEqual(weights.get('auxiliary.fc.weight'));
    expect(weights.get('target.attention.weight')).not.toEqual(weights.get('auxiliary.attention.weight'));
    expect([...weights.keys()]).toEqual(parametersOf(config).map(({ name }) => name));
  });

  test('of another width or depth is refused with both', async () => {
    const source = await readWeights(`${folder}/resnet50-half.pth`);
    expect(() => startingWeights(source, { ...defaultConfig, width: 64 }, 1)).toThrow(
      'The starting weights are those of a resnet50 of width 2; the training is configured for a resnet18 of width 64.',
    );
  });
});

describe('a trained network as a start', () => {
  test('keeps its branches; a classifier of other classes begins anew', async () => {
    const source = await readWeights(`${folder}/authors.pth.tar`);
    const same = startingWeights(source, { ...defaultConfig, width: 2, classes: 3 }, 1);
    expect(same.fresh).toEqual([]);
    expect(same.weights.get('target.layer4.0.conv1.weight')!.data).toEqual(
      source.tensors.get('target.layer4.0.conv1.weight')!.data,
    );
    const other = startingWeights(source, { ...defaultConfig, width: 2, classes: 8 }, 1);
    expect(other.fresh).toEqual(['auxiliary.fc.weight', 'auxiliary.fc.bias', 'target.fc.weight', 'target.fc.bias']);
    const layers = startingWeights(source, { ...defaultConfig, width: 2, classes: 3 }, 1, 'layers');
    expect(layers.fresh).toHaveLength(8);
  });
});

describe('a file of something else', () => {
  test('names what it found', async () => {
    const other = new Map([['encoder.0.weight', { shape: [1], data: Float32Array.of(1) }]]);
    await expect(readWeights(await saved(other))).rejects.toThrow(
      /The names of the tensors are of no network known here: .*found encoder.0.weight/,
    );
    const face = new Map([['conv1.weight', { shape: [64, 3, 3, 3], data: new Float32Array(64 * 27) }]]);
    await expect(readWeights(await saved(face))).rejects.toThrow(
      'conv1.weight: expected the 7 x 7 convolution of a ResNet over 3 channels, [width, 3, 7, 7], found [64, 3, 3, 3].',
    );
    await writeFile(path.join(directory, 'page.pth'), '<html>404</html>');
    await expect(readWeights(path.join(directory, 'page.pth'))).rejects.toThrow(/The file is a web page/);
  });
});
