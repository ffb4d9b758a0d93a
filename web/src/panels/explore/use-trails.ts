'use client';
import { useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { ExploreTrailsDocument, type ExploreTrailsQuery } from '../../graphql/generated/graphql';
import type { Trail } from '../../plots/scatter/scatter-overlay';
import { pairValues, placeAt, simplexSpace } from '../../plots/scatter/scatter-space';
import type { ExploreView } from './explore-view';

/** More lines than these hide each other, and each is read with all its epochs. */
const mostTrails = 60;

interface TrailsQuestion {
  run: string;
  view: ExploreView;
  ids: readonly string[];
  epoch: number;
  classes: readonly string[];
}

export interface Trails {
  lines: readonly Trail[];
  /** What the reader should know of them, in words. */
  note: string | null;
}

type Node = NonNullable<ExploreTrailsQuery['trainingRun']>['analyses']['nodes'][number];
const unit = { name: '', minimum: 0, maximum: 1 };

/** Where the chosen samples were at the epochs up to the one shown. */
export function useTrails({ run, view, ids, epoch, classes }: TrailsQuestion): Trails {
  const possible = view.space === 'pair' || view.space === 'simplex';
  const taken = ids.slice(0, mostTrails);
  const { data } = useQuery(ExploreTrailsDocument, {
    variables: { id: run, filter: { samples: taken }, first: mostTrails },
    skip: !view.trails || !possible || taken.length === 0,
  });
  const nodes = data?.trainingRun?.analyses.nodes;
  const lines = useMemo(
    () =>
      view.trails && possible && nodes && taken.length > 0
        ? nodes.map((node) => trailOf(node, view, epoch, classes))
        : [],
    [nodes, view.trails, view.space, view.of, view.corners.join(), epoch, taken.length],
  );
  const note = !possible
    ? 'Trails are drawn of distributions: given against other class, and three classes.'
    : ids.length > mostTrails
      ? `Trails of the first ${mostTrails} chosen.`
      : null;
  return { lines, note };
}

function trailOf(node: Node, view: ExploreView, epoch: number, classes: readonly string[]): Trail {
  const { trajectory } = node;
  const all = {
    TARGET: trajectory.targetDistributions,
    LABEL: trajectory.labelDistributions,
    FUSED: trajectory.fusedDistributions,
  }[view.of];
  const rows = all.filter((_, place) => trajectory.epochs[place] <= epoch).map((row) => row.map((value) => value ?? 0));
  const flat = rows.flat();
  if (view.space === 'simplex') {
    const { x, y } = simplexSpace(flat, classes, view.corners);
    return rows.flatMap((_, place) => [x[place], y[place]]);
  }
  const label = classes.indexOf(node.givenLabel);
  const pair = pairValues(
    flat,
    rows.map(() => label),
    classes.length,
  );
  return rows.flatMap((_, place) => [placeAt(unit, pair.given[place]), placeAt(unit, pair.other[place])]);
}
