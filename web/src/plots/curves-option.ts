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
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: resolve('var(--surface)'),
      borderColor: resolve('var(--line-strong)'),
      textStyle: { color: resolve('var(--ink)'), fontSize: 12, fontFamily: 'inherit' },
      axisPointer: { type: 'line', lineStyle: { color: weak } },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? axes.format(value) : '–'),
    },
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
    series: curves.map((curve, place) => ({
      type: 'line',
      name: curve.name,
      data: curve.points,
      showSymbol: curve.points.length < 3,
      symbolSize: 5,
      lineStyle: { width: 1.8, type: curve.dashed ? [5, 4] : 'solid' },
      color: resolve(curve.colour),
      ...(place === 0 && axes.mark
        ? {
            markLine: {
              silent: true,
              symbol: 'none',
              label: { formatter: axes.mark.label, color: weak, fontSize: 11 },
              lineStyle: { color: weak, type: 'dotted' },
              data: [{ xAxis: axes.mark.x }],
            },
          }
        : {}),
    })),
  };
}
