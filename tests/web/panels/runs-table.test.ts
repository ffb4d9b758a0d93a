import { describe, expect, test } from 'vitest';
import { groupRuns } from '../../../web/src/panels/runs-table/group-runs.js';
import { differingSettings, judged, matches, type RunRow } from '../../../web/src/panels/runs-table/run-row.js';

let number = 0;
function run(changed: Record<string, number>, accuracy: number | null, more: Partial<RunRow> = {}): RunRow {
  const settings: Record<string, number> = { seed: 1, learningRate: 0.001, epochs: 20, ...changed };
  const result = {
    validationAccuracy: accuracy,
    testAccuracy: accuracy,
    testBalancedAccuracy: accuracy,
    testMacroF1: accuracy,
  };
  return {
    id: `run_${++number}`,
    name: `run ${number}`,
    state: 'COMPLETED',
    tags: [],
    notes: '',
    dataset: { id: 'dataset_1', name: 'faces' },
    labelSet: { id: 'labelset_1', name: 'given' },
    configuration: { epochs: settings['epochs'] },
    settings: Object.entries(settings).map(([name, value]) => ({ name, value: String(value) })),
    recording: null,
    results: accuracy === null ? [] : [{ rule: 'LAST', epochs: [3], ...result }],
    ...more,
  } as RunRow;
}

describe('a list of runs', () => {
  test('knows which settings tell its runs apart', () => {
    expect(differingSettings([run({}, 0.5), run({ seed: 2 }, 0.5), run({ learningRate: 0.01 }, 0.5)])).toEqual([
      'seed',
      'learningRate',
    ]);
    expect(differingSettings([run({}, 0.5)])).toEqual([]);
  });

  test('judges a run by the epoch that validation chose, never by the one that test chose', () => {
    const results = [
      { rule: 'BEST_ON_TEST', epochs: [4] },
      { rule: 'LAST', epochs: [5] },
      { rule: 'BEST_ON_VALIDATION', epochs: [2] },
    ] as RunRow['results'];
    expect(judged(run({}, null, { results }))?.rule).toBe('BEST_ON_VALIDATION');
    expect(judged(run({}, null, { results: results.slice(0, 2) }))?.rule).toBe('LAST');
    expect(judged(run({}, null, { results: results.slice(0, 1) }))).toBeUndefined();
  });

  test('is searched by words in any order, in names, tags, notes and labels', () => {
    const one = run({}, 0.5, { name: 'Baseline', tags: ['paper'], notes: 'table 2' });
    expect(matches(one, 'TABLE base')).toBe(true);
    expect(matches(one, 'paper given faces')).toBe(true);
    expect(matches(one, 'baseline other')).toBe(false);
  });
});

describe('groups of runs', () => {
  test('by all settings but the seed have mean and deviation over their seeds', () => {
    const runs = [
      run({ seed: 1 }, 0.5),
      run({ seed: 2 }, 0.7),
      run({ seed: 3 }, null),
      run({ learningRate: 0.01 }, 0.9),
    ];
    const [first, second] = groupRuns(runs, 'settings') as [
      ReturnType<typeof groupRuns>[0],
      ReturnType<typeof groupRuns>[0],
    ];
    expect(first).toMatchObject({ seeds: [1, 2, 3], validation: { count: 2, values: [0.5, 0.7] } });
    expect(first.validation!.mean).toBeCloseTo(0.6, 12);
    expect(first.validation!.deviation).toBeCloseTo(Math.SQRT1_2 * 0.2, 12);
    expect(first.name).toContain('learning rate 0.001');
    expect(second.validation).toEqual({ count: 1, mean: 0.9, deviation: null, values: [0.9] });
  });

  test('by one setting put what else differs together', () => {
    const runs = [run({ epochs: 5 }, 0.1), run({ epochs: 5, learningRate: 0.01 }, 0.3), run({ epochs: 9 }, null)];
    expect(
      groupRuns(runs, 'epochs').map(({ name, runs: { length }, test: of }) => [name, length, of?.count ?? 0]),
    ).toEqual([
      ['5', 2, 2],
      ['9', 1, 0],
    ]);
  });
});
