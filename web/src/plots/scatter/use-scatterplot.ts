'use client';
import type createScatterplot from 'regl-scatterplot';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { projectionOf, type Projection } from './projection';
import { errorWords } from '../../theme/error-words';

export type Plot = ReturnType<typeof createScatterplot>;

export interface Scatterplot {
  plot: Plot | null;
  projection: Projection | null;
  /** Why there is no picture: no WebGL, say. */
  problem: string | null;
}

interface Handlers {
  onLasso: (polygon: number[]) => void;
  onHover: (index: number | null) => void;
}

/** Loads the library when the canvas is there, keeps its size, and follows its camera. */
export function useScatterplot(
  canvas: RefObject<HTMLCanvasElement | null>,
  size: { width: number; height: number },
  handlers: Handlers,
): Scatterplot {
  const [plot, setPlot] = useState<Plot | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [view, setView] = useState<Float32Array | null>(null);
  const latest = useRef(handlers);
  latest.current = handlers;
  const ready = size.width > 0 && size.height > 0;
  useEffect(() => {
    if (!ready || !canvas.current) return;
    let made: Plot | null = null;
    let left = false;
    void start(canvas.current, size)
      .then((fresh) => {
        if (left) return fresh.destroy();
        made = fresh;
        fresh.subscribe('lassoEnd', ({ coordinates }) => latest.current.onLasso([...coordinates].flat() as number[]));
        fresh.subscribe('pointOver', (index) => latest.current.onHover(index));
        fresh.subscribe('pointOut', () => latest.current.onHover(null));
        fresh.subscribe('view', ({ view: now }) => setView((before) => movedView(before, now as ArrayLike<number>)));
        setView(Float32Array.from(fresh.get('cameraView') as ArrayLike<number>));
        setPlot(fresh);
      })
      .catch((error: unknown) => setProblem(errorWords(error)));
    return () => {
      left = true;
      made?.destroy();
      setPlot(null);
    };
    // The size at the start; later sizes are set below.
  }, [canvas, ready]);
  useEffect(() => {
    if (plot && ready) plot.set({ width: size.width, height: size.height });
  }, [plot, ready, size.width, size.height]);
  const projection = view && ready ? projectionOf(view, size.width, size.height) : null;
  return { plot, projection, problem };
}

/** The same object where the camera stands still. */
function movedView(before: Float32Array | null, now: ArrayLike<number>): Float32Array {
  return before?.every((value, place) => value === now[place]) ? before : Float32Array.from(now);
}

async function start(canvas: HTMLCanvasElement, { width, height }: { width: number; height: number }): Promise<Plot> {
  // The library draws elsewhere and copies: this canvas must not be asked for WebGL.
  if (!document.createElement('canvas').getContext('webgl'))
    throw new Error('This browser draws no WebGL, which a picture of so many points needs.');
  const { default: create } = await import('regl-scatterplot');
  return create({
    canvas,
    width,
    height,
    pointSize: 3,
    aspectRatio: 1,
    lassoOnLongPress: false,
    lassoInitiator: false,
    deselectOnDblClick: false,
    deselectOnEscape: false,
    actionKeyMap: { lasso: 'shift' },
  } as never);
}
