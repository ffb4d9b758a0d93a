import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import type { DataSource } from 'typeorm';
import { Dataset } from '../../server/src/datasets/dataset.entity.js';
import { Sample } from '../../server/src/datasets/sample.entity.js';
import type { Split } from '../../server/src/split.js';
import { splits } from '../../server/src/split.js';
import { randomFrom } from '../../server/src/random.js';

/** Classes that a network of any size can learn: the hue of a noisy picture. */
export const colouredClasses = ['red', 'green', 'blue'];
const hues = [
  [220, 40, 40],
  [40, 220, 40],
  [40, 40, 220],
] as const;
/** Noise on every channel, in byte values. */
const noise = 60;

export interface ColouredOptions {
  directory: string;
  size?: number;
  counts?: Record<Split, number>;
}

/** A data set of coloured PNGs in `directory`: quick to draw and quick to learn. */
export async function colouredDataset(
  dataSource: DataSource,
  { directory, size = 32, counts = { TRAIN: 36, VALIDATION: 9, TEST: 10 } }: ColouredOptions,
): Promise<Dataset> {
  await mkdir(directory, { recursive: true });
  const random = randomFrom(11);
  const importReport = {
    source: directory,
    imported: 0,
    skipped: 0,
    skippedByReason: {},
    skippedRows: [],
    choices: {},
  };
  const datasets = dataSource.getRepository(Dataset);
  const { row } = await datasets.save({
    name: path.basename(directory),
    format: 'folder',
    classes: colouredClasses,
    imageRoot: directory,
    importReport,
  } as never as Dataset);
  let index = 0;
  for (const split of splits) {
    for (let place = 0; place < counts[split]; place++, index++) {
      const label = place % colouredClasses.length;
      const pixels = Uint8Array.from({ length: size * size * 3 }, (_, value) =>
        Math.min(255, hues[label]![value % 3]! + random.integer(noise)),
      );
      const imagePath = `${split.toLowerCase()}-${place}.png`;
      await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
        .png()
        .toFile(path.join(directory, imagePath));
      const sample = {
        datasetRow: row,
        index,
        key: imagePath,
        split,
        givenLabelIndex: label,
        imagePath,
        width: size,
        height: size,
      };
      await dataSource.getRepository(Sample).insert(sample as never);
    }
  }
  return datasets.findOneByOrFail({ row });
}
