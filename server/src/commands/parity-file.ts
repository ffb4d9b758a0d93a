import type { Engine } from '../engine/engine.js';
import { generatedPictures } from '../models/parity/generator.js';
import { isLateState, type LateStateFile, parseLateStateFile } from '../models/parity/late-state-file.js';
import { parseReferenceFile, readParityText, type ReferenceFile } from '../models/parity/reference-file.js';
import { runLateParity } from '../models/parity/run-late-parity.js';
import { type ParityReport, type Rounding, runParity } from '../models/parity/run-parity.js';
import { augmentBatch } from '../training/augmentation/augment-batch.js';
import { erasedArea } from '../training/augmentation/random-erasing.js';

/** A file that a network is judged by. */
export interface ParityFile {
  path: string;
  config: ReferenceFile['config'];
  judge(engine: Engine, rounding: Rounding): Promise<ParityReport>;
}

/** A reference file, which begins at generated weights, or a late state. @throws ParityFileError */
export async function readParityFile(path: string): Promise<ParityFile> {
  const text = await readParityText(path);
  if (!isLateState(text, path)) {
    const file = parseReferenceFile(text, path);
    const judge: ParityFile['judge'] = ({ kernels, compile }, rounding) =>
      runParity(file, path, kernels, rounding, compile);
    return { path, config: file.config, judge };
  }
  const file = parseLateStateFile(text, path);
  const judge: ParityFile['judge'] = (engine, rounding) =>
    runLateParity(file, path, { images: lateImages(file), engine, rounding });
  return { path, config: file.config, judge };
}

/** The training images of a late state as our training makes them: RandAugment, flip, erasing; `[B, size, size, 3]`. */
export function lateImages({ config, augmentation, labels }: LateStateFile): Float32Array {
  const { operations, magnitude, deviation, erasing: probability, seed } = augmentation;
  return augmentBatch({
    bytes: generatedPictures(config.seed, labels, config.size),
    positions: Int32Array.from(labels, (_, position) => position),
    size: config.size,
    seed,
    epoch: config.epoch,
    settings: {
      randAugment: { operations, magnitude, deviation },
      flip: true,
      erasing: { probability, area: erasedArea },
    },
  });
}
