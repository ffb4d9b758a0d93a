export interface Curve {
  name: string;
  /** CSS colour; `var(--x, …)` is looked up on the page. */
  colour: string;
  dashed?: boolean;
  /** [x, y]; null leaves a gap. */
  points: readonly (readonly [number, number | null])[];
}

export interface CurvesAxes {
  /** Name of what runs along x. */
  x: string;
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  logarithmic?: boolean;
  /** Marks an x with a vertical line. */
  mark?: { x: number; label: string };
  format: (value: number) => string;
}

/** The ECharts option of some curves; `resolve` turns a CSS colour into one that ECharts can read. */
export function curvesOption(
  curves: readonly Curve[],
  axes: CurvesAxes,
  resolve: (colour: string) => string,
): Record<string, unknown> {
  const weak = resolve('var(--ink-3)');
  const line = resolve('var(--line)');
  const label = { color: weak, fontSize: 11, fontFamily: 'inherit' };
  return {
    animation: false,
    grid: { left: 8, right: 14, top: 12, bottom: 6, containLabel: true },
    tooltip: tooltipOption(axes, resolve),
    xAxis: {
      type: 'value',
      min: axes.xRange?.[0] ?? 'dataMin',
      max: axes.xRange?.[1] ?? 'dataMax',
      minInterval: 1,
      axisLabel: label,
      axisLine: { lineStyle: { color: line } },
      splitLine: { show: false },
    },
    yAxis: {
      type: axes.logarithmic ? 'log' : 'value',
      min: axes.yRange?.[0],
      max: axes.yRange?.[1],
      scale: axes.yRange === undefined,
      splitNumber: 4,
      interval: axes.yRange ? (axes.yRange[1] - axes.yRange[0]) / 4 : undefined,
      axisLabel: { ...label, formatter: axes.format },
      splitLine: { lineStyle: { color: line } },
    },
    series: curves.map((curve, place) => seriesOption(curve, place === 0 ? axes.mark : undefined, resolve)),
  };
}

type Resolve = (colour: string) => string;

function tooltipOption(axes: CurvesAxes, resolve: Resolve): Record<string, unknown> {
  return {
    trigger: 'axis',
    confine: true,
    backgroundColor: resolve('var(--surface)'),
    borderColor: resolve('var(--line-strong)'),
    textStyle: { color: resolve('var(--ink)'), fontSize: 12, fontFamily: 'inherit' },
    axisPointer: { type: 'line', lineStyle: { color: resolve('var(--ink-3)') } },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? axes.format(value) : '–'),
  };
}

/** A curve; the first one carries the mark. */
function seriesOption(curve: Curve, mark: CurvesAxes['mark'], resolve: Resolve): Record<string, unknown> {
  const weak = resolve('var(--ink-3)');
  return {
    type: 'line',
    name: curve.name,
    data: curve.points,
    showSymbol: curve.points.length < 3,
    symbolSize: 5,
    lineStyle: { width: 1.8, type: curve.dashed ? [5, 4] : 'solid' },
    color: resolve(curve.colour),
    ...(mark
      ? {
          markLine: {
            silent: true,
            symbol: 'none',
            label: { formatter: mark.label, color: weak, fontSize: 11 },
            lineStyle: { color: weak, type: 'dotted' },
            data: [{ xAxis: mark.x }],
          },
        }
      : {}),
  };
}
