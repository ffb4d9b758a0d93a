'use client';
import { SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { accent, ink, plainColour } from '../../theme/palette';
import { useScheme } from '../use-scheme';
import { rectangle, type Polygon } from './lasso';
import { RectangleLayer } from './rectangle-layer';
import { ScatterOverlay, type Trail } from './scatter-overlay';
import type { ScatterSpace } from './scatter-space';
import { useScatterplot, type Plot } from './use-scatterplot';
import styles from './scatter.module.css';

export interface ScatterProps {
  space: ScatterSpace;
  /** A colour a category, or the ends of a scale from low to high. */
  colours: readonly string[];
  /** Category of each point, or its share of the scale in [0, 1]; with `continuous`. */
  shade: ArrayLike<number>;
  continuous: boolean;
  /** Indices that are drawn; all where it is null. */
  shown: readonly number[] | null;
  /** Indices. */
  selected: readonly number[];
  polygon: Polygon | null;
  trails: readonly Trail[];
  onPolygon: (polygon: Polygon | null) => void;
  onHover: (index: number | null) => void;
  label: string;
}

type Mode = 'panZoom' | 'lasso' | 'rectangle';

/** Points by the million: drag to move, wheel to zoom, Shift or the lasso to select. */
export function Scatter(props: ScatterProps): ReactNode {
  const { space, selected, polygon, trails, onPolygon, onHover } = props;
  const { ref: sized, width, height } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);

  const [mode, setMode] = useState<Mode>('panZoom');
  const { plot, projection, problem } = useScatterplot(
    canvas,
    { width, height },
    {
      onLasso: (drawn) => onPolygon(drawn),
      onHover,
    },
  );
  useDrawing(plot, canvas, props);
  useEffect(() => {
    if (plot) plot.set({ mouseMode: mode === 'lasso' ? 'lasso' : 'panZoom' });
  }, [plot, mode]);
  return (
    <div className={styles.scatter}>
      <Tools mode={mode} setMode={setMode} plot={plot} chosen={selected.length > 0} onPolygon={onPolygon} />
      <div
        ref={sized}
        className={styles.box}
        data-testid="scatter"
        data-points={space.x.length}
        data-drawn={plot !== null}
      >
        {problem ? <p className="plot-note">{problem}</p> : <canvas ref={canvas} role="img" aria-label={props.label} />}
        {projection && (
          <ScatterOverlay
            width={width}
            height={height}
            projection={projection}
            space={space}
            polygon={polygon}
            trails={trails}
          />
        )}
        {projection && mode === 'rectangle' && (
          <RectangleLayer
            onEnd={(from, to) => {
              const [a, b] = [projection.toSpace(...from), projection.toSpace(...to)];
              onPolygon(rectangle(a[0], a[1], b[0], b[1]));
            }}
          />
        )}
      </div>
    </div>
  );
}

interface ToolsProps {
  mode: Mode;
  setMode: (mode: Mode) => void;
  plot: Plot | null;
  chosen: boolean;
  onPolygon: ScatterProps['onPolygon'];
}

function Tools({ mode, setMode, plot, chosen, onPolygon }: ToolsProps): ReactNode {
  return (
    <div className={styles.tools}>
      <SegmentedControl
        aria-label="What dragging does"
        value={mode}
        data={[
          { value: 'panZoom', label: 'move' },
          { value: 'lasso', label: 'lasso' },
          { value: 'rectangle', label: 'rectangle' },
        ]}
        onChange={(value) => setMode(value as Mode)}
      />
      <button type="button" className={styles.plain} onClick={() => void plot?.reset()}>
        whole picture
      </button>
      {chosen && (
        <button type="button" className={styles.plain} onClick={() => onPolygon(null)}>
          select none
        </button>
      )}
    </div>
  );
}

const largestAtFullSize = 20_000;

/** Sends points, colours, filter and selection to the library when they change. */
function useDrawing(plot: Plot | null, canvas: React.RefObject<HTMLCanvasElement | null>, props: ScatterProps): void {
  const { space, colours, shade, continuous, shown, selected } = props;
  const scheme = useScheme();
  const before = useRef<ScatterSpace | null>(null);
  const drawn = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    if (!plot || !canvas.current) return;
    const style = getComputedStyle(canvas.current);
    const plain = colours.map((colour) => plainColour(colour, style));
    plot.set({
      backgroundColor: plainColour(ink.surface, style),
      pointColor: plain.length > 1 ? plain : [plain[0], plain[0]],
      pointColorActive: plainColour(ink.strong, style),
      pointColorHover: plainColour(accent, style),
      lassoColor: plainColour(ink.strong, style),
      colorBy: 'valueA',
      opacityBy: 'density',
      pointSize: space.x.length > largestAtFullSize ? 2 : 4,
      pointSizeSelected: 1,
    } as never);
    const transition =
      before.current !== null && before.current.x.length === space.x.length && space.x.length <= 100_000;
    before.current = space;
    const points = { x: space.x, y: space.y, valueA: shade };
    drawn.current = drawn.current
      .then(() =>
        plot.draw(
          points as never,
          {
            zDataType: continuous ? 'continuous' : 'categorical',
            transition,
            transitionDuration: 400,
          } as never,
        ),
      )
      .catch(() => undefined);
  }, [plot, canvas, space, colours, shade, continuous, scheme]);
  useEffect(() => {
    if (!plot) return;
    drawn.current = drawn.current
      .then(() =>
        shown === null ? plot.unfilter({ preventEvent: true }) : plot.filter([...shown], { preventEvent: true }),
      )
      .then(() =>
        selected.length > 0
          ? plot.select([...selected], { preventEvent: true })
          : plot.deselect({ preventEvent: true }),
      )
      .catch(() => undefined);
  }, [plot, shown, selected, space, shade]);
}
