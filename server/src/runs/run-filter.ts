import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { narrowRuns, type RunListFilter } from './run-list-filter.js';
import { RunKind, type RunState, TrainingRun } from './training-run.entity.js';

/** Kinds that lists of runs show; an evaluation is reached by its `Evaluation`. */
export const listedKinds: RunKind[] = [RunKind.TRAINING, RunKind.RECORDED];

export interface RunFilter {
  state?: RunState | null;
  /** Null: all that lists show. */
  kind?: RunKind | null;
  /** Words of names, notes and code, and settings like `optimizer.lr=0.1`: all of them have to be found. */
  search?: string | null;
  only?: RunListFilter | null;
}

const mostTerms = 10;

/** Runs that meet a filter, as `run`. */
export function filteredRuns(
  dataSource: DataSource,
  { state = null, kind = null, search = null, only = null }: RunFilter,
): SelectQueryBuilder<TrainingRun> {
  const query = dataSource.getRepository(TrainingRun).createQueryBuilder('run');
  query.where('run.kind IN (:...kinds)', { kinds: kind === null ? listedKinds : [kind] });
  if (state !== null) query.andWhere('run.state = :state', { state });
  if (only) narrowRuns(query, only);
  const terms = search?.split(/\s+/).filter((term) => term !== '') ?? [];
  terms.slice(0, mostTerms).forEach((term, n) => {
    const setting = /^([^=]+)=(.+)$/.exec(term);
    if (setting)
      query.andWhere(`(${settingSql(n)})`, { [`name${n}`]: setting[1], [`value${n}`]: setting[2].toLowerCase() });
    else
      query.andWhere(`(run.name || ' ' || coalesce(run.recording::text, '')) ILIKE :term${n}`, {
        [`term${n}`]: like(term),
      });
  });
  return query;
}

/** Among the settings of either kind of run. */
function settingSql(n: number): string {
  const place = `string_to_array(:name${n}, '.')`;
  return ['run.configuration', `run.recording->'configuration'`, 'run.recording']
    .map((json) => `lower(${json} #>> ${place}) = :value${n}`)
    .join(' OR ');
}

function like(term: string): string {
  return `%${term.replace(/[\\%_]/g, '\\$&')}%`;
}
