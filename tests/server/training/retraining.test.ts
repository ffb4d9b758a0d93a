import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalId } from '../../../server/src/graphql/global-id.js';
import { CheckpointKind } from '../../../server/src/models/checkpoint.entity.js';
import { Preset } from '../../../server/src/runs/settings/protocol.js';
import { RetrainFrom } from '../../../server/src/runs/settings/retrain-input.js';
import { RunState } from '../../../server/src/runs/training-run.entity.js';
import { TrainingHere } from '../../support/training-here.js';

let here: TrainingHere;
beforeAll(async () => {
  here = await TrainingHere.open();
});
afterAll(() => here?.close());

describe('a run', () => {
  test('with more epochs goes on to the same bits as one that was asked for them at once; one that was cancelled too', async () => {
    const whole = await here.start({ epochs: 4, preset: Preset.CORRECTED });
    await here.train(whole);
    const run = await here.start({ epochs: 3, preset: Preset.CORRECTED });
    await here.train(run, 1);
    await here.training.resume(run.id, null);
    await here.train(run);
    expect(await here.reload(run)).toMatchObject({ state: RunState.COMPLETED, cancelRequested: false });
    expect(await here.losses(run)).toHaveLength(3);
    await expect(here.training.resume(run.id, 3)).rejects.toThrow(
      'epochs: expected a whole number from 4 to 1000: 3 are done and the run is COMPLETED, found 3.',
    );
    await here.training.resume(run.id, 4);
    await expect(here.training.resume(run.id, 5)).rejects.toThrow('is QUEUED already');
    await here.train(run);
    expect(await here.losses(run)).toEqual(await here.losses(whole));
    expect((await here.checkpoint(run)).sha256).toBe((await here.checkpoint(whole)).sha256);
  });

  test('ends early when validation accuracy does not rise any more', async () => {
    const run = await here.start({ epochs: 30, patience: 2 });
    await here.train(run);
    expect(await here.reload(run)).toMatchObject({ state: RunState.COMPLETED });
    const metrics: { epoch: number; accuracy: number }[] = await here.database.dataSource.query(
      `SELECT epoch, accuracy FROM split_metrics WHERE run_row = $1 AND split = 'VALIDATION' ORDER BY epoch`,
      [run.row],
    );
    const best = metrics.find(({ accuracy }) => accuracy === Math.max(...metrics.map((each) => each.accuracy)))!;
    expect(metrics.length).toBe(best.epoch + 2);
    expect((await here.training.log(run.row, 2, null)).map(({ text }) => text)).toContain(
      'ends early: validation accuracy has not risen for 2 epochs',
    );
  });

  test('is retrained from scratch to the same bits on the same labels, and from a checkpoint with its weights', async () => {
    const run = await here.start({ epochs: 2 });
    await here.train(run);
    const labelSet = globalId('labelset', (await here.reload(run)).labelSetRow);
    const again = await here.training.retrain(run.id, { labelSet, from: RetrainFrom.SCRATCH });
    const tuned = await here.training.retrain(run.id, {
      labelSet,
      from: RetrainFrom.CHECKPOINT,
      checkpoint: CheckpointKind.LAST,
      epochs: 1,
      learningRate: 1e-8,
    });
    for (const each of [again, tuned]) await here.train(each);
    expect(again).toMatchObject({
      parentRow: run.row,
      name: `${run.name}, retrained`,
      configuration: run.configuration,
    });
    expect((await here.checkpoint(again)).sha256).toBe((await here.checkpoint(run)).sha256);
    expect(tuned.initialSha256).toBe((await here.checkpoint(run)).sha256);
    const [before, after] = await Promise.all(
      [run, tuned].map(async (each) => (await here.tensors(each)).get('target.fc.weight')!.data),
    );
    expect(Math.max(...after!.map((value, place) => Math.abs(value - before![place]!)))).toBeLessThan(1e-6);
    await expect(here.start({ width: 16, initialWeights: 'checkpoint_99999' })).rejects.toThrow('does not exist');
    const checkpoint = await here.checkpoint(run);
    await expect(here.start({ width: 16, initialWeights: checkpoint.id })).rejects.toThrow(
      'expected weights of a resnet18 of width 16, found "resnet18 of width 8"',
    );
  });

  test('trained as the official code mines on augmented images and selects on test', async () => {
    const run = await here.start({ epochs: 1, batchSize: 10, preset: Preset.OFFICIAL_CODE });
    expect(run.configuration).toMatchObject({
      fallback: 'REFERENCE',
      sharpeningAxis: 'COLUMNS',
      miningImages: 'AUGMENTED',
      selection: 'TEST',
    });
    await here.train(run);
    const [epoch] = await here.training.epochsOf(run.row);
    // Its loader drops the last six of 36 images.
    expect(epoch!.classCounts!.reduce((sum, count) => sum + count)).toBe(30);
    expect(here.engine.memory().tensors).toBe(0);
  });
});
