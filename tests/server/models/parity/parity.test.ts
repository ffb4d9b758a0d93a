import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type Engine } from '../../../../server/src/engine/engine.js';
import { passes } from '../../../../server/src/models/parity/compare.js';
import { formatReport } from '../../../../server/src/models/parity/format-report.js';
import { parseReferenceFile, type ReferenceFile } from '../../../../server/src/models/parity/reference-file.js';
import { type ParityReport, runParity } from '../../../../server/src/models/parity/run-parity.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/parity/${name}.json`, import.meta.url));

async function read(name: string, change: (file: ReferenceFile) => void = () => undefined): Promise<ReferenceFile> {
  const file = parseReferenceFile(await readFile(fixture(name), 'utf8'), name);
  change(file);
  return file;
}

describe('parity with the reference implementation, on the default engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ backend: 'auto', threads: 0, log: () => undefined });
  });
  afterAll(() => engine.dispose());

  async function report(file: ReferenceFile): Promise<ParityReport> {
    const before = tf.memory().numTensors;
    const result = await runParity(file, 'fixture', engine.kernels, 'precise', engine.compile);
    expect(tf.memory().numTensors).toBe(before);
    return result;
  }
  const outside = ({ comparisons }: ParityReport): string[] =>
    comparisons.filter((comparison) => !passes(comparison)).map(({ quantity }) => quantity);

  it.each(['raf-64px', 'affectnet-48px-late-epoch', 'eight-classes-112px'])(
    '%s: every quantity is within its tolerance',
    async (name) => {
      const result = await report(await read(name));
      expect(outside(result), formatReport(name, result)).toEqual([]);
      expect(result.passed).toBe(true);
    },
  );

  it('fails on a reference that is a little off, and says where', async () => {
    const file = await read('affectnet-48px-late-epoch', ({ eval: evaluation, steps, mining, config }) => {
      config.steps = 1;
      steps.length = 1;
      evaluation.targetLogits[3]! += 1e-2;
      steps[0]!.kl *= 1.001;
      steps[0]!.gradients['target.fc.weight']!.norm *= 1.01;
      steps[0]!.after['layer1.1.bn2.running_var']!.norm *= 1.001;
      mining.reference[8]! += 1e-3;
      mining.classWeights.maximum[2]! -= 1e-3;
    });
    const result = await report(file);
    expect(result.passed).toBe(false);
    expect(outside(result)).toEqual([
      'evaluation target logits',
      ...(engine.compile ? ['compiled evaluation target logits'] : []),
      'step 1 Kullback-Leibler',
      'step 1 gradient norms',
      'step 1 after update norms',
      'mining class distributions',
      'mining maximum weight by class',
    ]);
    expect(formatReport('altered', result)).toContain(
      `${engine.compile ? '7 of 33' : '6 of 28'} quantities outside their tolerance`,
    );
    expect(formatReport('altered', result)).toMatch(
      /step 1 gradient norms +9\.9\de-3 +1e-3 +OUTSIDE +target\.fc\.weight/,
    );
  });

  it('notices another margin, share, weight range or learning rate than the file was made with', async () => {
    const changes: ((config: ReferenceFile['config']) => void)[] = [
      (config) => (config.margin = 0.08),
      (config) => (config.tops = 0.5),
      (config) => (config.minw = 0.3),
      (config) => (config.lr = 2e-3),
    ];
    for (const change of changes) {
      const file = await read('affectnet-48px-late-epoch', ({ config, steps }) => {
        config.steps = 1;
        steps.length = 1;
        change(config);
      });
      expect((await report(file)).passed, String(change)).toBe(false);
    }
  });

  it('refuses a gradient of a parameter that is frozen or unknown', async () => {
    const summary = { norm: 1, sum: 0, head: [] };
    const frozen = await read('raf-64px', ({ steps }) => void (steps[0]!.gradients['stem.conv.weight'] = summary));
    await expect(report(frozen)).rejects.toThrow(
      'fixture: key "steps.0.gradients.stem.conv.weight": the network trains no such parameter',
    );
    const unknown = await read('raf-64px', ({ steps }) => void (steps[1]!.after['target.fc.scale'] = summary));
    await expect(report(unknown)).rejects.toThrow(
      'key "steps.1.after.target.fc.scale": the network has no such tensor',
    );
  });
});
