import { registerEnumType } from 'type-graphql';
import type { Factor } from './experiment-plan.js';

export enum ReadyMade {
  THRESHOLD = 'THRESHOLD',
  BETA = 'BETA',
  FUSION = 'FUSION',
  SHARPENING = 'SHARPENING',
  FUSED_GRADIENT = 'FUSED_GRADIENT',
  WIDTHS = 'WIDTHS',
  BACKBONES = 'BACKBONES',
  PROTOCOLS = 'PROTOCOLS',
}
registerEnumType(ReadyMade, {
  name: 'ReadyMade',
  description: 'Questions of the paper whose factor is made already; the baseline is the first level.',
  valuesConfig: {
    THRESHOLD: { description: 'The threshold t of class distributions: 0.7, and 0.3 to 0.9.' },
    BETA: { description: 'The epoch at which the losses swap roles: 3, 1, 5 and 8.' },
    FUSION: { description: 'The fusion weight v: by attention (0.2 to 1), or fixed at 0, 0.5 and 1.' },
    SHARPENING: { description: 'Class distributions as they are mined, and sharpened with T = 1.2 and 2.' },
    FUSED_GRADIENT: { description: 'Whether the divergence also moves the fused distribution.' },
    WIDTHS: { description: 'Widths 64, 32 and 16: the size of the network.' },
    BACKBONES: { description: 'ResNet-18 and ResNet-50: the first open question of the paper.' },
    PROTOCOLS: { description: 'As the paper says, as the authors’ code does, and corrected.' },
  },
});

const numbers = (name: string, setting: string, values: readonly (number | null)[]): Factor => ({
  name,
  levels: values.map((value) => ({ name: value === null ? 'off' : String(value), settings: { [setting]: value } })),
});
const words = (name: string, setting: string, values: readonly string[]): Factor => ({
  name,
  levels: values.map((value) => ({ name: value, settings: { [setting]: value } })),
});
const fixed = (v: number): Factor['levels'][number] => ({
  name: `v = ${v}`,
  settings: { minimumFusionWeight: v, maximumFusionWeight: v },
});

/** The factor of a ready-made experiment. */
export const readyMadeFactors: Readonly<Record<ReadyMade, Factor>> = {
  THRESHOLD: numbers('threshold', 'threshold', [0.7, 0.3, 0.5, 0.6, 0.8, 0.9]),
  BETA: numbers('beta', 'beta', [3, 1, 5, 8]),
  FUSION: {
    name: 'fusion',
    levels: [
      { name: 'by attention', settings: { minimumFusionWeight: 0.2, maximumFusionWeight: 1 } },
      fixed(0),
      fixed(0.5),
      fixed(1),
    ],
  },
  SHARPENING: numbers('sharpening', 'sharpening', [null, 1.2, 2]),
  FUSED_GRADIENT: words('fused gradient', 'fusedGradient', ['FLOWS', 'CUT']),
  WIDTHS: numbers('width', 'width', [64, 32, 16]),
  BACKBONES: words('backbone', 'backbone', ['RESNET18', 'RESNET50']),
  PROTOCOLS: words('protocol', 'preset', ['PAPER', 'OFFICIAL_CODE', 'CORRECTED']),
};
