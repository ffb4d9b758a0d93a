'use client';
import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { curvesOption, type Curve, type CurvesAxes } from './curves-option';

export interface CurvesProps {
  curves: readonly Curve[];
  axes: CurvesAxes;
  /** What the picture shows, for screen readers. */
  label: string;
  height?: number;
}

/** A computed colour of `var(--name, fallback)`; others as they are. */
function resolveColour(colour: string): string {
  const name = /^var\((--[\w-]+)/.exec(colour)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : colour;
}

/** Lines over epochs or steps. The legend's buttons hide and show a line and say its last value. */
export function Curves({ curves, axes, label, height = 220 }: CurvesProps): ReactNode {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const draw = useRef<() => void>(() => undefined);
  useEffect(() => {
    draw.current = () =>
      chart.current?.setOption(
        curvesOption(
          curves.filter((curve) => !hidden.has(curve.name)),
          axes,
          resolveColour,
        ),
        { notMerge: true },
      );
    draw.current();
  });
  useEffect(() => watch(holder.current!, chart, () => draw.current()), []);
  const toggle = (name: string): void =>
    setHidden(
      (before) => new Set(before.has(name) ? [...before].filter((other) => other !== name) : [...before, name]),
    );
  return (
    <div className="curves">
      <div className="legend" role="group" aria-label={`Lines of ${label}`}>
        {curves.map((curve) => {
          const last = curve.points.findLast((point) => point[1] !== null)?.[1] ?? null;
          return (
            <button
              key={curve.name}
              type="button"
              aria-pressed={!hidden.has(curve.name)}
              onClick={() => toggle(curve.name)}
            >
              <svg width="18" height="8" aria-hidden="true">
                <line
                  x1="0"
                  x2="18"
                  y1="4"
                  y2="4"
                  strokeWidth="2.5"
                  strokeDasharray={curve.dashed ? '5 3' : undefined}
                  style={{ stroke: curve.colour }}
                />
              </svg>
              {curve.name} <b>{last === null ? '–' : axes.format(last)}</b>
            </button>
          );
        })}
      </div>
      <div ref={holder} role="img" aria-label={label} style={{ height, width: '100%' }} />
      <div className="curves-x">{axes.x}</div>
    </div>
  );
}

/**
 * Loads ECharts, keeps the chart at the size of its holder and in the colours of the scheme. Returns what undoes it.
 */
function watch(holder: HTMLDivElement, chart: { current: EChartsType | null }, draw: () => void): () => void {
  let gone = false;
  const resize = new ResizeObserver(() => chart.current?.resize());
  const scheme = new MutationObserver(draw);
  void import('./curves-engine').then((engine) => {
    if (gone) return;
    chart.current = engine.init(holder);
    draw();
    resize.observe(holder);
    scheme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] });
  });
  return () => {
    gone = true;
    resize.disconnect();
    scheme.disconnect();
    chart.current?.dispose();
    chart.current = null;
  };
}
