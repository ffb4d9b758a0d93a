'use client';
import type { AnalysisFilter } from '../../graphql/generated/graphql';
import { filterIn, splits } from '../../navigation/sample-list';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import { readPolygon, type Polygon } from '../../plots/scatter/lasso';
import { isMeasure } from '../../theme/measures';

/** `pair`: p of the given class against the highest other; `map`: confidence against variability. */
const spaces = ['pair', 'map', 'measures', 'simplex', 'embedding'] as const;
type SpaceName = (typeof spaces)[number];
export const distributions = ['TARGET', 'LABEL', 'FUSED'] as const;
type DistributionOf = (typeof distributions)[number];

/** Columns of names that points are coloured by. */
export const nameColours = {
  given: 'GIVEN_LABEL',
  target: 'TARGET_LABEL',
  auxiliary: 'AUXILIARY_LABEL',
  fused: 'FUSED_LABEL',
  votes: 'VOTES_LABEL',
  clean: 'CLEAN_LABEL',
  split: 'SPLIT',
} as const;

export interface ExploreView {
  url: UrlState;
  run: string | null;
  epoch: number | null;
  space: SpaceName;
  of: DistributionOf;
  /** Measures of the axes in space `measures`. */
  x: string;
  y: string;
  /** Places of the simplex's classes. */
  corners: readonly [number, number, number];
  /** A key of `nameColours`, `flip`, or a measure. */
  colour: string;
  filter: AnalysisFilter;
  polygon: Polygon | null;
  trails: boolean;
}

/** What the explorer shows, read from the URL; values that cannot be fall back to the defaults. */
export function useExploreView(classes: readonly string[]): ExploreView {
  const url = useUrlState();
  const measure = (name: string, fallback: string): string => {
    const value = url.get(name);
    return value !== null && isMeasure(value) ? value : fallback;
  };
  const colour = url.get('colour') ?? '';
  const split = splits.find((one) => one === url.get('split'));
  const where = filterIn(url.get('where'));
  const filter: AnalysisFilter = { ...(split && { split }), ...(where && { and: [where] }) };
  return {
    url,
    run: /^run_\d+$/.test(url.get('run') ?? '') ? url.get('run') : null,
    epoch: url.count('epoch'),
    space: url.oneOf('space', spaces),
    of: url.oneOf('of', distributions),
    x: measure('x', 'ENTROPY'),
    y: measure('y', 'ATTENTION'),
    corners: cornersIn(url.get('corners'), classes),
    colour: colour in nameColours || colour === 'flip' || isMeasure(colour) ? colour : 'given',
    filter,
    polygon: readPolygon(url.get('lasso')),
    trails: url.get('trails') === 'on',
  };
}

function cornersIn(text: string | null, classes: readonly string[]): readonly [number, number, number] {
  const found = (text ?? '').split('|').map((name) => classes.indexOf(name));
  const [a, b, c] = found.length === 3 && found.every((place) => place >= 0) ? found : [];
  return a !== undefined && b !== undefined && c !== undefined && new Set(found).size === 3 ? [a, b, c] : [0, 1, 2];
}
