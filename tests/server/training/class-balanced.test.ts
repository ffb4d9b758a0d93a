import { expect, test } from 'vitest';
import { Sampling } from '../../../server/src/runs/settings/choices.js';
import { Preset } from '../../../server/src/runs/settings/protocol.js';
import { TrainingHere } from '../../support/training-here.js';

test('class-balanced training mines as its preset says: the authors on the samples that the epoch drew', async () => {
  const here = await TrainingHere.open();
  try {
    // 24 red, 6 green, 6 blue: an epoch visits six of each.
    await here.database.dataSource.query(
      `UPDATE sample SET given_label = 0 WHERE split = 'TRAIN' AND "index" % 3 <> 0 AND "index" >= 18`,
    );
    const minedFrom = async (preset: Preset): Promise<number[]> => {
      const settings = { epochs: 1, batchSize: 9, sampling: Sampling.CLASS_BALANCED, preset };
      const run = await here.start(settings);
      await here.train(run);
      return (await here.training.epochsOf(run.row))[0]!.classCounts!;
    };
    expect(await minedFrom(Preset.OFFICIAL_CODE)).toEqual([6, 6, 6]);
    expect(await minedFrom(Preset.PAPER)).toEqual([24, 6, 6]);
    expect(await minedFrom(Preset.CORRECTED)).toEqual([24, 6, 6]);
  } finally {
    await here.close();
  }
});
