import { describe, expect, test } from 'vitest';
import { curvesOption, type Curve } from '../../../web/src/plots/curves-option';

const axes = {
  x: 'epoch',
  xRange: [1, 12] as const,
  yRange: [0, 1] as const,
  mark: { x: 3, label: 'β' },
  format: (value: number) => value.toFixed(1),
};
const curve = (name: string, dashed = false): Curve => ({
  name,
  colour: `var(--${name})`,
  dashed,
  points: [
    [1, 0.5],
    [2, null],
    [3, 0.7],
  ],
});
const option = curvesOption([curve('target'), curve('auxiliary', true)], axes, (colour) => `resolved ${colour}`) as {
  series: any[];
  xAxis: any;
  yAxis: any;
  tooltip: any;
};

describe('the option of curves', () => {
  test('keeps gaps as gaps', () => {
    expect(option.series[0].data[1]).toEqual([2, null]);
  });

  test('looks colours up, and dashes what is dashed', () => {
    expect(option.series.map((series) => series.color)).toEqual([
      'resolved var(--target)',
      'resolved var(--auxiliary)',
    ]);
    expect(option.series.map((series) => series.lineStyle.type)).toEqual(['solid', [5, 4]]);
  });

  test('spans all epochs of the run from the first, and quarters of a fixed range', () => {
    expect([option.xAxis.min, option.xAxis.max]).toEqual([1, 12]);
    expect([option.yAxis.min, option.yAxis.max, option.yAxis.interval]).toEqual([0, 1, 0.25]);
  });

  test('marks an epoch once, however many curves there are', () => {
    expect(option.series.filter((series) => series.markLine)).toHaveLength(1);
  });

  test('has a dash for a value that is missing', () => {
    expect([option.tooltip.valueFormatter(0.5), option.tooltip.valueFormatter(null)]).toEqual(['0.5', '–']);
  });
});
