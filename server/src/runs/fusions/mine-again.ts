import { type MinedClassDistributions, mineClassDistributions } from '../../ada-df/class-distributions.js';
import type { SplitOutputs } from '../recorded/epoch-result.js';
import { FallbackRow } from '../settings/choices.js';
import { SharpeningAxis } from '../settings/protocol.js';
import type { FusionSettings } from './saved-fusion.entity.js';

/** Class distributions as an epoch with these settings mines them, from what was recorded of its training split. */
export function mineAgain(
  { labels, labelDistributions }: Pick<SplitOutputs, 'labels' | 'labelDistributions'>,
  classes: number,
  { threshold, fallback, sharpening, sharpeningAxis, replacedDistributions }: FusionSettings,
): MinedClassDistributions {
  return mineClassDistributions({
    labels,
    labelDistributions,
    classes,
    threshold,
    fallback: fallback === FallbackRow.REFERENCE ? 'reference' : 'normalised',
    sharpening,
    sharpeningAxis: sharpeningAxis === SharpeningAxis.COLUMNS ? 'columns' : 'rows',
    replaced: replacedDistributions.map(({ index, distribution }) => ({ class: index, distribution })),
  });
}
