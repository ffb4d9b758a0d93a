import { InvalidInputError } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import type { Dataset } from './dataset.entity.js';
import type { NumberRange, SampleConditions, SampleFilter } from './sample-filter.js';
import { SqlParameters } from './sql-parameters.js';

const deepestFilter = 8;
const mostConditions = 100;
const mostNamedSamples = 10_000;

/** A filter with its parts: what `and`, `or` and `not` mean is the same for every kind of condition. */
export interface NestedFilter<F> {
  and?: F[] | null;
  or?: F[] | null;
  not?: F | null;
}

/**
 * SQL of a nested filter, true or not true (a condition on something that is null does not hold, so its `not` does).
 * `conditions` gives the SQL of a filter's own conditions, joined by AND here.
 * @throws InvalidInputError for a filter nested too deep or with too many conditions.
 */
export function filterSql<F extends NestedFilter<F>>(
  filter: F,
  path: string,
  conditions: (filter: F, path: string) => string[],
): string {
  let count = 0;
  const compile = (part: F, where: string, depth: number): string => {
    if (depth > deepestFilter)
      throw new InvalidInputError(where, `a filter nested at most ${deepestFilter} deep`, `${depth} levels`);
    const own = conditions(part, where);
    count += own.length;
    if (count > mostConditions) throw new InvalidInputError(path, `at most ${mostConditions} conditions`, `more`);
    const all = [...own];
    part.and?.forEach((inner, n) => all.push(compile(inner, `${where}.and[${n}]`, depth + 1)));
    if (part.or)
      all.push(
        part.or.length === 0
          ? 'false'
          : `(${part.or.map((inner, n) => compile(inner, `${where}.or[${n}]`, depth + 1)).join(' OR ')})`,
      );
    if (part.not) all.push(`(${compile(part.not, `${where}.not`, depth + 1)}) IS NOT TRUE`);
    return all.length === 0 ? 'true' : all.length === 1 ? all[0] : `(${all.join(' AND ')})`;
  };
  return compile(filter, path, 1);
}

/** Where the things that a sample is filtered by stand in SQL. */
export interface SampleSql {
  split: string;
  givenLabel: string;
  cleanLabel: string;
  votesLabel: string;
  /** In nats; null without a vote. */
  votesEntropy: string;
}

const entropyOfVotes = `(SELECT CASE WHEN sum(v) > 0 THEN ln(sum(v)::float8) - sum(CASE WHEN v > 0 THEN v * ln(v::float8) ELSE 0 END) / sum(v) END FROM unnest(s.votes) v)`;

/** Of table `sample` s alone. The class with the most votes, of equal ones the first; null without a vote. */
export const sampleSql: SampleSql = {
  split: 's.split',
  givenLabel: 's.given_label',
  cleanLabel: 's.clean_label',
  votesLabel: '(SELECT CASE WHEN max(v) > 0 THEN array_position(s.votes, max(v)) - 1 END FROM unnest(s.votes) v)',
  votesEntropy: entropyOfVotes,
};

/**
 * SQL of the conditions that need no run, one a condition. @throws InvalidInputError for a class that the data set
 * lacks.
 */
export function sampleConditions(
  filter: SampleConditions,
  path: string,
  dataset: Dataset,
  parameters: SqlParameters,
  sql: SampleSql,
): string[] {
  const found: string[] = [];
  if (filter.split) found.push(`${sql.split} = ${parameters.place(filter.split)}::split`);
  for (const field of ['givenLabel', 'cleanLabel', 'votesLabel'] as const) {
    const name = filter[field];
    if (name !== null && name !== undefined)
      found.push(`${sql[field]} = ${parameters.place(classIndex(dataset, `${path}.${field}`, name))}`);
  }
  if (isGiven(filter.subject))
    found.push(`s.subject = ${parameters.place(printable(filter.subject, `${path}.subject`))}`);
  if (filter.keyContains)
    found.push(
      `position(fold_case(${parameters.place(printable(filter.keyContains, `${path}.keyContains`))}) IN fold_case(s.key)) > 0`,
    );
  if (isGiven(filter.hasVotes)) found.push(`(${sql.votesLabel} IS NOT NULL) = ${parameters.place(filter.hasVotes)}`);
  if (isGiven(filter.hasCleanLabel))
    found.push(`(${sql.cleanLabel} IS NOT NULL) = ${parameters.place(filter.hasCleanLabel)}`);
  if (filter.votesEntropy)
    found.push(rangeSql(sql.votesEntropy, filter.votesEntropy, `${path}.votesEntropy`, parameters));
  if (filter.samples) found.push(`s.row = ANY(${namedSamples(filter.samples, `${path}.samples`, parameters)}::int[])`);
  if (isGiven(filter.list)) {
    const list = parameters.place(rowOf('list', filter.list, `${path}.list`));
    found.push(
      `s.row IN (SELECT unnest(l.sample_rows) FROM sample_list l WHERE l."row" = ${list}::int AND l.dataset_row = ${parameters.place(dataset.row)}::int)`,
    );
  }
  return found;
}

function rangeSql(sql: string, range: NumberRange, path: string, parameters: SqlParameters): string {
  const { minimum, maximum } = range;
  if (!isGiven(minimum) && !isGiven(maximum)) throw new InvalidInputError(path, 'a minimum, a maximum or both', range);
  return [
    ...(isGiven(minimum) ? [`${sql} >= ${parameters.place(minimum)}::float8`] : []),
    ...(isGiven(maximum) ? [`${sql} <= ${parameters.place(maximum)}::float8`] : []),
  ].join(' AND ');
}

function namedSamples(ids: readonly string[], path: string, parameters: SqlParameters): string {
  if (ids.length > mostNamedSamples)
    throw new InvalidInputError(path, `at most ${mostNamedSamples} ids; save a list of more`, `${ids.length} ids`);
  return parameters.place(ids.map((id, place) => rowOf('sample', id, `${path}[${place}]`)));
}

/** Samples `s` of a data set that meet a filter. @throws InvalidInputError for one that cannot be. */
export function filterSamples(dataset: Dataset, filter: SampleFilter): { where: string; values: readonly unknown[] } {
  const parameters = new SqlParameters();
  const ofDataset = `s.dataset_row = ${parameters.place(dataset.row)}`;
  const compiled = filterSql(filter, 'filter', (part, path) =>
    sampleConditions(part, path, dataset, parameters, sampleSql),
  );
  return { where: `${ofDataset} AND ${compiled}`, values: parameters.values };
}

export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** @throws InvalidInputError where the data set has no class of that name. */
export function classIndex(dataset: Dataset, path: string, name: string): number {
  const index = dataset.classes.indexOf(name);
  if (index < 0) throw new InvalidInputError(path, `a class of ${dataset.name}: ${dataset.classes.join(', ')}`, name);
  return index;
}

/** PostgreSQL refuses U+0000 in text. */
function printable(text: string, path: string): string {
  if (text.includes('\u0000')) throw new InvalidInputError(path, 'text without U+0000', text);
  return text;
}
