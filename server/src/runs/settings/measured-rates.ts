import type { DataSource } from 'typeorm';
import type { TrainingConfiguration } from './training-configuration.js';

/**
 * How many images are evaluated in the time that one is trained on: a forward pass of a compiled graph against forward,
 * backward and Adam. Measured with `npm run bench -- engine`: 3.1 (48 px), 4.8 (112 px), 5.0 (224 px); the least.
 */
export const evaluationSpeed = 3;

/** ResNet-50 against ResNet-18 at equal width and size: 4.1 to 1.8 billion multiplications at 224 px. */
const depthOf: Readonly<Record<string, number>> = { RESNET18: 1, RESNET50: 4.1 / 1.8 };

/** Epochs that are looked at: enough for every worker and size in use. */
const newestEpochs = 500;

type Architecture = Pick<TrainingConfiguration, 'backbone' | 'width' | 'imageSize' | 'frozenStem'>;

/** What one network was trained at. */
export interface MeasuredRate extends Architecture {
  backend: string | null;
  imagesPerSecond: number;
}

/** Median rate of every network that was trained lately, newest first. */
export async function readMeasuredRates(dataSource: DataSource): Promise<MeasuredRate[]> {
  return dataSource.query(
    `SELECT backbone, width::int, image_size::int AS "imageSize", frozen_stem::boolean AS "frozenStem", backend,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY rate) AS "imagesPerSecond"
       FROM (SELECT e."row", r.configuration->>'backbone' AS backbone, r.configuration->>'width' AS width,
                    r.configuration->>'imageSize' AS image_size, r.configuration->>'frozenStem' AS frozen_stem,
                    r.backend, e.images_per_second AS rate
               FROM epoch e JOIN training_run r ON r."row" = e.run_row
              WHERE r.kind = 'TRAINING' AND e.images_per_second > 0
              ORDER BY e."row" DESC LIMIT $1) newest
      GROUP BY backbone, width, image_size, frozen_stem, backend
      ORDER BY max("row") DESC`,
    [newestEpochs],
  ) as Promise<MeasuredRate[]>;
}

/** Multiplications of a training image, in proportion: the square of width and size, times depth. */
function workOf({ backbone, width, imageSize }: Architecture): number {
  return (depthOf[backbone] ?? 1) * width ** 2 * imageSize ** 2;
}

/** The rate of the same network, or else of the nearest in work, scaled; null where nothing was trained. */
export function estimateRate(
  wanted: Architecture,
  rates: readonly MeasuredRate[],
): { imagesPerSecond: number; measured: boolean; basis: string } | null {
  const distance = (rate: MeasuredRate): number => Math.abs(Math.log(workOf(rate) / workOf(wanted)));
  const same = (rate: MeasuredRate): boolean =>
    rate.backbone === wanted.backbone &&
    rate.width === wanted.width &&
    rate.imageSize === wanted.imageSize &&
    rate.frozenStem === wanted.frozenStem;
  const exact = rates.find(same);
  const best = exact ?? [...rates].sort((a, b) => distance(a) - distance(b))[0];
  if (!best) return null;
  const scaled = exact ? best.imagesPerSecond : (best.imagesPerSecond * workOf(best)) / workOf(wanted);
  const basis = `${best.backbone} of width ${best.width} at ${best.imageSize} px on ${best.backend ?? 'some backend'}`;
  return { imagesPerSecond: scaled, measured: exact !== undefined, basis };
}
