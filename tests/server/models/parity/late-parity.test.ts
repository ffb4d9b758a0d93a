import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lateImages } from '../../../../server/src/commands/parity-file.js';
import { type Engine, startEngine } from '../../../../server/src/engine/engine.js';
import { passes } from '../../../../server/src/models/parity/compare.js';
import { formatReport } from '../../../../server/src/models/parity/format-report.js';
import {
  isLateState,
  type LateStateFile,
  parseLateStateFile,
} from '../../../../server/src/models/parity/late-state-file.js';
import { runLateParity } from '../../../../server/src/models/parity/run-late-parity.js';
import type { ParityReport, Rounding } from '../../../../server/src/models/parity/run-parity.js';

const path = fileURLToPath(new URL('../../../fixtures/parity/late-state-224px.json', import.meta.url));
const text = await readFile(path, 'utf8');
const read = (change: (file: LateStateFile) => void = () => undefined): LateStateFile => {
  const file = parseLateStateFile(text, 'late');
  change(file);
  return file;
};
const outside = ({ comparisons }: ParityReport): string[] =>
  comparisons.filter((comparison) => !passes(comparison)).map(({ quantity }) => quantity);

describe('parity late in a training', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
  });
  afterAll(() => engine.dispose());

  async function report(file: LateStateFile, rounding: Rounding = 'precise'): Promise<ParityReport> {
    const before = tf.memory().numTensors;
    const images = lateImages(file);
    const result = await runLateParity(file, 'late', { images, engine, rounding });
    expect(tf.memory().numTensors).toBe(before);
    return result;
  }

  it.each(['precise', 'plain'] as const)(
    'weights, moments, statistics and mined distributions go on as in PyTorch, with %s rounding',
    async (rounding) => {
      const result = await report(read(), rounding);
      expect(outside(result), formatReport('late', result)).toEqual([]);
      expect(result.comparisons.map(({ quantity }) => quantity)).toEqual(
        expect.arrayContaining([
          'augmented image first elements',
          'step 2 movement norms',
          'step 2 moments norms',
          'mining, sharpened, divided by columns',
        ]),
      );
    },
  );

  it('notices another temperature, step of Adam, magnitude, class distribution, or running statistic', async () => {
    const changes: [string, (file: LateStateFile) => void][] = [
      ['mining, sharpened, divided by rows', ({ config }) => (config.sharpening = 1.25)],
      // The bias correction of a late step is nearly 1: only an early one shows.
      ['step 1 movement norms', ({ state }) => (state.adamStep = 20)],
      ['augmented image norms', ({ augmentation }) => (augmentation.magnitude = 6)],
      ['step 1 Kullback-Leibler', ({ state }) => (state.classDistributions[3]! += 0.01)],
      [
        'evaluation target logits',
        ({ state: { weights } }) => (weights['stem.bn.running_var'] = weights['stem.bn.running_mean']!),
      ],
    ];
    for (const [quantity, change] of changes) {
      const file = read((late) => {
        late.config.steps = 1;
        late.steps.length = 1;
        change(late);
      });
      expect(outside(await report(file)), String(change)).toContain(quantity);
    }
  });

  it('refuses a state that does not fit the network', async () => {
    const short = read(({ state }) => (state.moments['target.fc.bias.exp_avg'] = 'AAA='));
    await expect(report(short)).rejects.toThrow(
      'late: key "state.moments.target.fc.bias.exp_avg": expected 7 numbers of 16 bits, found 2 bytes',
    );
    const lacking = read(({ steps }) => delete steps[1]!.after['layer1.0.bn1.running_var']);
    await expect(report(lacking)).rejects.toThrow('key "steps.1.after.layer1.0.bn1.running_var": is missing');
  });
});

describe('a file of a late state', () => {
  it('is told from a reference file', async () => {
    expect(isLateState(text, 'late')).toBe(true);
    const reference = new URL('../../../fixtures/parity/raf-64px.json', import.meta.url);
    expect(isLateState(await readFile(reference, 'utf8'), 'raf')).toBe(false);
  });

  it('that lacks an image, or has a label that is no class, is refused by its key', () => {
    const altered = (change: (file: LateStateFile) => void) => (): unknown =>
      parseLateStateFile(JSON.stringify(read(change)), 'late.json');
    expect(altered(({ images }) => images.pop())).toThrow('late.json: key "images": expected 6 values, found 5');
    expect(altered(({ labels }) => (labels[2] = 7))).toThrow('key "labels.2": expected a class below 7, found 7');
  });
});
