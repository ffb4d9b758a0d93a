import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeSafetensors, type NamedTensor } from '../../../../server/src/models/checkpoints/safetensors.js';
import { readWeights, type ReadWeights } from '../../../../server/src/models/checkpoints/weights/read-weights.js';
import { pickle, storedZip } from '../../../support/pickle-bytes.js';

const folder = 'tests/fixtures/pytorch/passed-around';
const golden = JSON.parse((await readFile(`${folder}/weights.json`)).toString()) as Record<
  string,
  { shape: number[]; bits: string }
>;

/** The bits of every number, as PyTorch 1.13 wrote them. */
function expectGolden(weights: ReadWeights): void {
  const names = Object.keys(golden);
  expect(weights.tensors.size).toBe(names.length);
  for (const name of names) {
    const { shape, data } = weights.tensors.get(name.replace(/^conv1\./, 'stem.conv.').replace(/^bn1\./, 'stem.bn.'))!;
    expect(shape, name).toEqual(golden[name]!.shape);
    expect(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'), name).toBe(golden[name]!.bits);
  }
}

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'passed-around-'))));
afterAll(() => rm(directory, { recursive: true }));

async function written(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, bytes);
  return file;
}

describe('weights that people hand on are equal to the last bit', () => {
  test.each([
    ['recorder-legacy.pth.tar', 'state_dict'],
    ['everything-beside.pth', 'model'],
    ['everything-beside-legacy.pth', 'model'],
    ['everything-protocol-4.pth', 'model'],
    ['own-dictionary.pth', 'state_dict'],
    ['identities.pth', 'all'],
    ['heads.pth', 'state_dict.backbone'],
    ['compiled.pth', 'all'],
    ['compiled-inside.pth', 'model.backbone'],
    ['moco.pth', 'state_dict.encoder_q'],
    ['ema.pth', 'state_dict'],
    ['children.pth', 'model_state_dict.features'],
    ['children-stem-inside.pth', 'net'],
    ['nested.pth', 'student.net.backbone'],
    ['pair.pth', '0'],
    ['module.pth', 'all'],
    ['module-legacy.pth', 'net'],
    ['arrays.pkl', 'all'],
  ])('%s, found at %s', async (file, part) => {
    const weights = await readWeights(`${folder}/${file}`);
    expect(weights).toMatchObject({ part, classes: null, architecture: { backbone: 'resnet18', width: 1 } });
    expectGolden(weights);
  });

  test('halves with statistics in float32 are read as they are', async () => {
    const weights = await readWeights(`${folder}/half.pth`);
    const { data } = weights.tensors.get('stem.bn.running_var')!;
    expect(Buffer.from(data.buffer).toString('hex')).toBe(golden['bn1.running_var']!.bits);
  });
});

describe('what stands beside the weights', () => {
  test('is named by its class, and never made', async () => {
    const recorder = await readWeights(`${folder}/recorder-legacy.pth.tar`);
    expect(recorder).toMatchObject({ epoch: 13, bestAccuracy: 88.25, objects: ['__main__.RecorderMeter'] });
    const { objects, epoch } = await readWeights(`${folder}/everything-beside.pth`);
    expect(epoch).toBe(7);
    expect(objects).toEqual(
      expect.arrayContaining(['argparse.Namespace', 'datetime.datetime', 'torch.device', 'collections.Counter']),
    );
  });

  test('heads of other tasks are listed with their shapes', async () => {
    expect((await readWeights(`${folder}/identities.pth`)).leftOut).toEqual([
      { name: 'fc', tensors: 2, numbers: 502 * 9, shape: [502, 8] },
    ]);
    const { leftOut } = await readWeights(`${folder}/heads.pth`);
    expect(leftOut.map(({ name }) => name).toSorted()).toEqual(['backbone.fc', 'classifier', 'embedding', 'proj']);
  });

  test('other networks are offered, and can be asked for', async () => {
    const { otherParts } = await readWeights(`${folder}/ema.pth`);
    expect(otherParts).toEqual(['state_dict_ema']);
    const average = await readWeights(`${folder}/ema.pth`, 'state_dict_ema');
    expect(average.part).toBe('state_dict_ema');
    expect(() => expectGolden(average)).toThrow();
    expect((await readWeights(`${folder}/moco.pth`)).otherParts).toEqual(['state_dict.encoder_k']);
    await expect(readWeights(`${folder}/ema.pth`, 'ema')).rejects.toThrow(
      'part: expected one of the networks of the file: state_dict, state_dict_ema, found "ema".',
    );
  });

  test('the class of a whole module is said', async () => {
    expect((await readWeights(`${folder}/module.pth`)).moduleClass).toBe('__main__.ResNet');
    expect((await readWeights(`${folder}/module-legacy.pth`)).moduleClass).toMatch(/DataParallel$/);
  });
});

describe('names of the file', () => {
  test('are mapped layer by layer, and the mapping is told', async () => {
    const { mapping } = await readWeights(`${folder}/children.pth`);
    expect(mapping).toEqual([
      { file: 'features.0', here: 'stem.conv' },
      { file: 'features.1', here: 'stem.bn' },
      { file: 'features.4', here: 'layer1' },
      { file: 'features.5', here: 'layer2' },
      { file: 'features.6', here: 'layer3' },
      { file: 'features.7', here: 'layer4' },
    ]);
    const compiled = await readWeights(`${folder}/compiled-inside.pth`);
    expect(compiled.mapping).toContainEqual({ file: 'module._orig_mod.backbone', here: '' });
  });

  test('of a whole network may stand behind any wrapping', async () => {
    const { tensors } = await readWeights('tests/fixtures/pytorch/authors.pth.tar');
    const wrapped = new Map([...tensors].map(([name, tensor]) => [`module._orig_mod.${name}`, tensor]));
    const file = await written('wrapped.safetensors', Buffer.concat(encodeSafetensors(wrapped, {})));
    const weights = await readWeights(file);
    expect(weights).toMatchObject({ naming: 'ada-df', classes: 3 });
    expect(weights.tensors.get('target.fc.bias')).toEqual(tensors.get('target.fc.bias'));
  });
});

describe('another file is named for what it is', () => {
  const tar = Buffer.alloc(1024);
  tar.write('weights/a.pth');
  tar.write('ustar', 257, 'latin1');
  const html = '<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title>';
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'7'.repeat(64)}\nsize 181511212\n`;
  test.each([
    ['a Git LFS pointer', pointer, /a Git LFS pointer that stands for 181,511,212 bytes. Run git lfs pull/],
    ['a web page', html, /a web page called "Google Drive - Virus scan warning" .* Download the file itself/],
    ['an answer of a store', '<?xml version="1.0"?><Error>AccessDenied</Error>', /The file is XML .*Download/],
    ['a configuration', '{"hidden": 1}', /The file is JSON/],
    ['gzip', '\x1f\x8b\x08', /compressed with gzip. Unpack it with gunzip/],
    ['HDF5', '\x89HDF\r\n\x1a\n', /HDF5, as Keras writes it/],
    ['a tar archive', tar, /a tar archive around "weights\/a.pth". Unpack it/],
    ['nothing', '', /The file is empty. Download the file again/],
    ['zeros', Buffer.alloc(4000), /begins with zeros only \(4,000 bytes\): a download that never finished/],
    ['a text', 'epoch,loss\n1,2\n', /The file is text: "epoch,loss/],
    ['something else', Buffer.from([5, 1, 254, 3, 77, 200, 1, 1, 1, 1]), /of no format known here \(10 bytes\)/],
  ])('%s', async (_, content, message) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    await expect(readWeights(await written('other.pth', bytes))).rejects.toThrow(message);
  });

  test.each([
    ['script.pt', /a TorchScript archive.*torch.jit.load\(path\).state_dict\(\)/],
    ['zipped.zip', /a ZIP archive around a file: "backup\/compiled.pth". Unpack it/],
    ['packed-again.zip', /is compressed \(method 8\).*The archive was packed again/],
    ['arrays.npz', /arrays of NumPy \(.npz\)/],
    ['resnet34.pth', /holds a ResNet-34 \(3, 4, 6 and 3 basic blocks\); ResNet-18 and ResNet-50 can be imported/],
  ])('%s', async (file, message) => {
    await expect(readWeights(`${folder}/${file}`)).rejects.toThrow(message);
  });

  test.each([
    [
      'layer1.0.se.fc1.weight',
      /holds an SE-ResNet-18: blocks with squeeze and excitation \(layer1\.0\.se\.fc1\.weight\)/,
    ],
    ['layer2.1.se_module.conv_reduce.weight', /holds an SE-ResNet-18/],
    ['layer3.0.ca.fc.0.weight', /holds a ResNet-18 with CBAM/],
    ['layer1.0.prelu.weight', /holds an IResNet, as ArcFace has it/],
    ['layer1.0.bn1.IN.weight', /holds an IBN-Net/],
  ])('a network whose blocks hold %s', async (name, message) => {
    const tensors = Object.entries(golden).map(([key, { shape, bits }]) => {
      const bytes = Uint8Array.from(Buffer.from(bits, 'hex'));
      return [key, { shape, data: new Float32Array(bytes.buffer) }] as const;
    });
    const all = new Map<string, NamedTensor>([...tensors, [name, { shape: [1], data: Float32Array.of(1) }]]);
    const file = await written('added.safetensors', Buffer.concat(encodeSafetensors(all, {})));
    await expect(readWeights(file)).rejects.toThrow(message);
  });

  test('a download that broke off, with both sizes', async () => {
    const whole = await readFile(`${folder}/heads.pth`);
    await expect(readWeights(await written('half.pth', whole.subarray(0, 9000)))).rejects.toThrow(
      /no end record.*9000 bytes\): a download that broke off/,
    );
    const { tensors } = await readWeights(`${folder}/heads.pth`);
    const plain = Buffer.concat(encodeSafetensors(tensors, {}));
    await expect(readWeights(await written('half.safetensors', plain.subarray(0, 15_000)))).rejects.toThrow(
      /its tensors end at byte [\d,]+, but it has 15,000 bytes. Download it again/,
    );
    await expect(readWeights(await written('start.safetensors', plain.subarray(0, 300)))).rejects.toThrow(
      /its header ends at byte [\d,]+, but it has 300 bytes/,
    );
  });

  test('a directory and a path that is mistyped', async () => {
    await expect(readWeights(directory)).rejects.toThrow(/is a directory; expected a file of weights/);
    await expect(readWeights(path.join(directory, 'wieghts.pth'))).rejects.toThrow(
      /wieghts.pth: there is no such file/,
    );
  });

  test('a whole module of another network, with its class', async () => {
    const opened = pickle(
      '\x80\x02',
      'cmodels.vgg\nVGG\n',
      ')\x81',
      '}(X\x08\0\0\0_modules}X\x0b\0\0\0_parameters}ub.',
    );
    const file = await written('vgg.t7', storedZip({ 'a/data.pkl': opened }));
    await expect(readWeights(file)).rejects.toThrow(/an object of class models.vgg.VGG, whose state_dict\(\) was not/);
  });
});
