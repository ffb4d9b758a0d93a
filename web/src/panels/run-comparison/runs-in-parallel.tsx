import type { ReactNode } from 'react';
import { ParallelCoordinates, type ParallelAxis } from '../../plots/parallel-coordinates';
import { percent, settingName } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { differingSettings, judged, letterOf, settingOf, settingValue, type ComparedRun } from './compared-run';

const mostAxes = 8;

/** Settings that differ on the left, what came of them on the right, a line a run. */
export function RunsInParallel({ runs }: { runs: readonly ComparedRun[] }): ReactNode {
  const settings: ParallelAxis[] = differingSettings(runs)
    .slice(0, mostAxes - 2)
    .map((name) => {
      const values = runs.map((run) => settingOf(run, name));
      const numbers = values.every((value) => typeof value === 'number');
      const choices = [...new Set(values.map(settingValue))].sort();
      return {
        name: settingName(name),
        values: numbers ? (values as number[]) : values.map((value) => choices.indexOf(settingValue(value))),
        format: numbers ? (value) => String(value) : (value) => choices[Math.round(value)] ?? '',
      };
    });
  const result = (name: string, key: 'validationAccuracy' | 'testAccuracy'): ParallelAxis => ({
    name,
    values: runs.map((run) => judged(run)?.[key] ?? null),
    format: (value) => percent(value, 1),
  });
  return (
    <Panel title="From settings to results" note="a line a run; the stronger its colour, the better on the last axis">
      <ParallelCoordinates
        names={runs.map((run, place) => `${letterOf(place)} ${run.name}`)}
        letters={runs.map((_, place) => letterOf(place))}
        axes={[...settings, result('validation', 'validationAccuracy'), result('test', 'testAccuracy')]}
      />
    </Panel>
  );
}
