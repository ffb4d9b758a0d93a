import type { WhatIfInput, WhatIfQuery } from '../../graphql/generated/graphql';

type FusionSettings = NonNullable<NonNullable<WhatIfQuery['trainingRun']>['whatIf']>['settings'];

/** What the sliders hold, as they are drawn: every number there is. */
export interface Sliders {
  threshold: number;
  /** 1: off. */
  sharpening: number;
  /** [w_min, w_max] */
  weights: readonly [number, number];
  source: FusionSettings['fusionSource'];
}

type Base = Pick<
  FusionSettings,
  'threshold' | 'sharpening' | 'minimumFusionWeight' | 'maximumFusionWeight' | 'fusionSource'
>;

export function slidersOf(settings: Base): Sliders {
  return {
    threshold: settings.threshold,
    sharpening: settings.sharpening ?? 1,
    weights: [settings.minimumFusionWeight, settings.maximumFusionWeight],
    source: settings.fusionSource,
  };
}

/** The input of which `sliders` is what they then show; what is as in `base` is left out. */
export function inputOf(base: Sliders, sliders: Sliders, replaced: WhatIfInput['replacedDistributions']): WhatIfInput {
  return {
    ...(sliders.threshold !== base.threshold && { threshold: sliders.threshold }),
    ...(sliders.sharpening !== base.sharpening && { sharpening: sliders.sharpening }),
    ...(sliders.weights[0] !== base.weights[0] && { minimumFusionWeight: sliders.weights[0] }),
    ...(sliders.weights[1] !== base.weights[1] && { maximumFusionWeight: sliders.weights[1] }),
    ...(sliders.source !== base.source && { fusionSource: sliders.source }),
    ...(replaced && replaced.length > 0 && { replacedDistributions: replaced }),
  };
}

const names = [
  'threshold',
  'sharpening',
  'minimumFusionWeight',
  'maximumFusionWeight',
  'fusionSource',
  'replacedDistributions',
] as const;

/** The input that an address holds; {} where it holds none that can be read. */
export function readInput(text: string | null): WhatIfInput {
  try {
    const found: unknown = JSON.parse(text ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).filter(([name]) => names.includes(name as never)));
  } catch {
    return {};
  }
}
