import { FusedGradient, FusionScale, MiningImages, type Preset, Selection, SharpeningAxis } from './protocol.js';
import { FallbackRow, type TrainingConfiguration } from './training-configuration.js';

export type Switches = Pick<
  TrainingConfiguration,
  'fallback' | 'sharpeningAxis' | 'miningImages' | 'fusionScale' | 'fusedGradient' | 'selection'
>;

export const presets: Readonly<Record<Preset, Switches>> = {
  PAPER: {
    fallback: FallbackRow.NORMALISED,
    sharpeningAxis: SharpeningAxis.ROWS,
    miningImages: MiningImages.PLAIN,
    fusionScale: FusionScale.BATCH,
    fusedGradient: FusedGradient.FLOWS,
    selection: Selection.VALIDATION,
  },
  OFFICIAL_CODE: {
    fallback: FallbackRow.REFERENCE,
    sharpeningAxis: SharpeningAxis.COLUMNS,
    miningImages: MiningImages.AUGMENTED,
    fusionScale: FusionScale.BATCH,
    fusedGradient: FusedGradient.FLOWS,
    selection: Selection.TEST,
  },
  CORRECTED: {
    fallback: FallbackRow.NORMALISED,
    sharpeningAxis: SharpeningAxis.ROWS,
    miningImages: MiningImages.PLAIN,
    fusionScale: FusionScale.SPLIT,
    fusedGradient: FusedGradient.CUT,
    selection: Selection.VALIDATION,
  },
};
