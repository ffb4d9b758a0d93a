import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../../server/src/ada-df/config.js';
import { loadOnnxBinding } from '../../../../server/src/engine/onnx/onnx-binding.js';
import { encodePytorch } from '../../../../server/src/models/checkpoints/pytorch/write-pytorch.js';
import { authorsCheckpoint } from '../../../../server/src/models/checkpoints/weights/authors-checkpoint.js';
import { readWeights, type ReadWeights } from '../../../../server/src/models/checkpoints/weights/read-weights.js';
import { encodeOnnx } from '../../../../server/src/models/exports/onnx-export.js';

const folder = 'tests/fixtures/pytorch';
const { authors: expected } = JSON.parse((await readFile(`${folder}/expected.json`)).toString()) as {
  authors: Record<string, number[]>;
};
let directory: string;
let weights: ReadWeights;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'exports-'));
  weights = await readWeights(`${folder}/authors.pth.tar`);
});
afterAll(() => rm(directory, { recursive: true }));

describe("an export with the authors' names", () => {
  test('reads back as what it was, with aliases of one storage', async () => {
    const { architecture, tensors, classDistributions } = weights;
    const pieces = encodePytorch(
      authorsCheckpoint({ architecture, classes: 3, tensors, classDistributions, epoch: 11 }),
    );
    const file = path.join(directory, 'export.pth.tar');
    await writeFile(file, Buffer.concat(pieces));
    const back = await readWeights(file);
    expect(back).toEqual({ ...weights, accuracy: null, bestAccuracy: null, ignored: back.ignored });
    expect(back.ignored.toSorted()).toEqual(weights.ignored.toSorted());
    const counters = [...tensors.keys()].filter((name) => name.endsWith('.running_var')).length;
    // Each storage is named in its own header and in the directory.
    expect(Buffer.concat(pieces).toString('latin1').split('archive/data/')).toHaveLength(
      2 * (tensors.size + counters + 1) + 1,
    );
  });

  test('is the same file every time', () => {
    const { architecture, tensors } = weights;
    const encode = (): Buffer =>
      Buffer.concat(
        encodePytorch(authorsCheckpoint({ architecture, classes: 3, tensors, classDistributions: null, epoch: 1 })),
      );
    expect(encode().equals(encode())).toBe(true);
  });
});

describe('an ONNX export', () => {
  const size = 40;
  /** What PyTorch was given: NCHW. */
  const planes = Float32Array.from({ length: 2 * 3 * size * size }, (_, i) => Math.sin(i * 0.37));
  const pixels = Float32Array.from({ length: planes.length }, (_, i) => {
    const [image, pixel, channel] = [Math.floor(i / (3 * size * size)), Math.floor(i / 3) % (size * size), i % 3];
    return planes[(image * 3 + channel) * size * size + pixel]!;
  });

  test.each([
    ['NHWC', pixels, [2, size, size, 3]],
    ['NCHW', planes, [2, 3, size, size]],
  ] as const)('with %s input says in onnxruntime what PyTorch says', (layout, images, shape) => {
    const binding = loadOnnxBinding();
    const model = Buffer.concat(
      encodeOnnx({ ...defaultConfig, width: 2, classes: 3 }, weights.tensors, layout, { classes: '["a","b","c"]' }),
    );
    expect(model.includes('["a","b","c"]')).toBe(true);
    const session = new binding.InferenceSession();
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, {});
    const outputs = {
      labelDistribution: new Float32Array(6),
      targetDistribution: new Float32Array(6),
      auxiliaryAttention: new Float32Array(2),
      targetAttention: new Float32Array(2),
    };
    const fetches = Object.fromEntries(
      Object.entries(outputs).map(([name, data]) => [name, new binding.Tensor('float32', data, [2, data.length / 2])]),
    );
    session.run({ images: new binding.Tensor('float32', images, shape) }, fetches, {});
    session.dispose();
    const wanted = {
      ...expected,
      labelDistribution: expected['labelDistributions']!,
      targetDistribution: expected['targetDistributions']!,
    } as Record<string, number[]>;
    for (const [name, data] of Object.entries(outputs))
      data.forEach((value, n) => expect(value, `${name}[${n}]`).toBeCloseTo(wanted[name]![n]!, 5));
  });
});
