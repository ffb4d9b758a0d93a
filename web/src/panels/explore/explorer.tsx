'use client';
import { useMemo, useState, type ReactNode } from 'react';
import { useColumns } from '../../columns/use-columns';
import type { ColumnsQuestion } from '../../columns/columns-url';
import { pointsInside, writePolygon, type Polygon } from '../../plots/scatter/lasso';
import { Scatter } from '../../plots/scatter/scatter';
import { integer } from '../../theme/format';
import { Grid, Panel, Stack } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { ExploreControls } from './explore-controls';
import { columnsOf, idsOf, shadingOf, spaceOf, type ColumnMap, type Shading } from './explore-data';
import type { ExploredRun, SelectionPart } from './explored';
import { useExploreView, type ExploreView } from './explore-view';
import { EmbeddingRequest, useEmbedding } from './embedding-request';
import { HoveredFace } from './hovered-face';
import { Legend } from './legend';
import { SelectionPanels } from './selection-panels';
import { useTrails } from './use-trails';

const none: readonly number[] = [];

interface ExplorerProps {
  run: ExploredRun;
  newest: number;
  actions: SelectionPart;
}

/** Points, what they are coloured by, and everything that follows from a selection. */
export function Explorer({ run, newest, actions }: ExplorerProps): ReactNode {
  const state = useExplorer(run, newest);
  const { view, epoch, data, selected, ids } = state;
  const [hovered, setHovered] = useState<number | null>(null);
  const known = { run, epoch, newest };
  return (
    <Grid>
      <Stack span={8}>
        <Points {...known} state={state} onHover={setHovered} />
      </Stack>
      <Stack span={4}>
        <HoveredFace
          run={run.id}
          epoch={epoch}
          newest={newest}
          id={hovered !== null && data ? idsOf(data, [hovered])[0] : null}
        />
        {data && (
          <SelectionPanels {...known} view={view} columns={data} selected={selected} ids={ids} actions={actions} />
        )}
      </Stack>
    </Grid>
  );
}

type ExplorerState = ReturnType<typeof useExplorer>;

function useExplorer(run: ExploredRun, newest: number) {
  const { classes } = run.dataset;
  const view = useExploreView(classes);
  const epoch = Math.min(view.epoch ?? newest, newest);
  const embedding = useEmbedding(run.id, epoch, view.space === 'embedding');
  const question: ColumnsQuestion | null = embedding.ready ? { run: run.id, epoch, filter: view.filter } : null;
  const { data, loading, error } = useColumns(question, columnsOf(view));
  const { space, shading } = usePictures(view, data, classes);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const shown = useMemo(() => shownPoints(shading, hidden), [shading, hidden]);
  const selected = useMemo(() => {
    if (!view.polygon || !space) return none;
    const inside = pointsInside(view.polygon, space.x, space.y);
    return hidden.size > 0 && shading ? inside.filter((point) => !hidden.has(shading.shade[point])) : inside;
  }, [view.url.get('lasso'), space, hidden, shading]);
  const ids = useMemo(() => (data ? idsOf(data, selected) : []), [data, selected]);
  const trails = useTrails({ run: run.id, view, ids, epoch, classes });
  return {
    view,
    epoch,
    embedding,
    data,
    loading,
    error,
    space,
    shading,
    hidden,
    setHidden,
    shown,
    selected,
    ids,
    trails,
  };
}

interface PointsProps {
  run: ExploredRun;
  epoch: number;
  newest: number;
  state: ExplorerState;
  onHover: (index: number | null) => void;
}

function Points({ run, epoch, newest, state, onHover }: PointsProps): ReactNode {
  const { view, space, shading, error, trails } = state;
  const count = space ? `${integer(space.x.length)} points, epoch ${epoch}${state.loading ? ', loading …' : ''}` : '';
  const setPolygon = (polygon: Polygon | null): void => view.url.set({ lasso: polygon ? writePolygon(polygon) : null });
  return (
    <Panel title="Samples" note={count}>
      <ExploreControls
        view={view}
        run={run}
        newest={newest}
        epoch={epoch}
        chosen={state.ids.length}
        trailsNote={trails.note}
      />
      {error && <Failure error={error} />}
      {!state.embedding.ready ? (
        <EmbeddingRequest
          found={state.embedding}
          epoch={epoch}
          choose={(next) => view.url.set({ epoch: String(next) })}
        />
      ) : !space || !shading ? (
        !error && <Loading height="min(68vh, 720px)" />
      ) : space.x.length === 0 ? (
        <Empty title="No sample meets the filter" />
      ) : (
        <>
          <Scatter
            space={space}
            colours={shading.colours}
            shade={shading.shade}
            continuous={shading.continuous}
            shown={state.shown}
            selected={state.selected}
            polygon={view.polygon}
            trails={trails.lines}
            onPolygon={setPolygon}
            onHover={onHover}
            label={`${space.x.length} samples of ${run.name} as points; choose some with the lasso or the rectangle`}
          />
          <Legend shading={shading} hidden={state.hidden} onHide={state.setHidden} />
        </>
      )}
    </Panel>
  );
}

/** Points and colours of the columns that are there; the last ones while others load. */
function usePictures(view: ExploreView, columns: ColumnMap | null, classes: readonly string[]) {
  const key = [view.space, view.of, view.x, view.y, view.corners.join()].join();
  const space = useMemo(() => (columns ? spaceOf(view, columns, classes) : null), [columns, key]);
  const shading = useMemo(() => (columns ? shadingOf(view, columns, classes) : null), [columns, view.colour]);
  const [last, setLast] = useState<{ space: typeof space; shading: Shading | null }>({ space: null, shading: null });
  if (space && shading && (last.space !== space || last.shading !== shading) && space.x.length === shading.shade.length)
    setLast({ space, shading });
  return last;
}

/** Indices whose category is not hidden; null where none is. */
function shownPoints(shading: Shading | null, hidden: ReadonlySet<number>): number[] | null {
  if (!shading || hidden.size === 0) return null;
  const points: number[] = [];
  for (let n = 0; n < shading.shade.length; n++) if (!hidden.has(shading.shade[n])) points.push(n);
  return points;
}
