import type { RunState } from '../../graphql/generated/graphql';
import type { UrlState } from '../../navigation/url-state';
import type { TableSort } from '../../theme/data-table';
import type { GroupBy } from './group-runs';
import { matches, type RunRow } from './run-row';

/** What the address says of the list. */
export interface RunsView {
  text: string;
  state: RunState | null;
  dataset: string | null;
  tag: string | null;
  group: GroupBy | null;
  sort: TableSort | null;
  columns: readonly string[] | null;
  selected: readonly string[];
}

const states: readonly RunState[] = ['QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'];

function stateOf(url: UrlState): RunState | null {
  const found = states.find((state) => state === url.get('state'));
  if (!found) url.refuse('state', `expected one of ${states.join(', ')}.`);
  return found ?? null;
}

export function viewOf(url: UrlState, grouped: GroupBy | null): RunsView {
  const list = (name: string): readonly string[] | null => url.get(name)?.split(',').filter(Boolean) ?? null;
  const key = url.get('sort');
  const group = url.get('group');
  return {
    text: url.get('q') ?? '',
    state: stateOf(url),
    dataset: url.get('dataset'),
    tag: url.get('tag'),
    group: group === 'none' ? null : ((group as GroupBy | null) ?? grouped),
    sort: key ? { key, descending: url.get('desc') === '1' } : null,
    columns: list('cols'),
    selected: list('sel') ?? [],
  };
}

export function setSort(url: UrlState, sort: TableSort | null): void {
  url.set({ sort: sort?.key ?? null, desc: sort?.descending ? '1' : null });
}

export function passes(run: RunRow, { text, state, dataset, tag }: RunsView): boolean {
  return (
    (state === null || run.state === state) &&
    (dataset === null || run.dataset.id === dataset) &&
    (tag === null || run.tags.includes(tag)) &&
    (text.trim() === '' || matches(run, text.trim()))
  );
}
