import { coerceInputValue, type GraphQLInputType, type GraphQLSchema } from 'graphql';
import { jsonDepth } from '../../json-depth.js';
import { InvalidInputError } from '../../errors.js';
import type { AnalysisFilter } from '../lists/analysis-filter.js';

/**
 * A filter given as JSON, checked by the schema as the argument of a field is; null: all samples. @throws
 * InvalidInputError that names what is wrong.
 */
export function parseFilter(text: string | null, schema: GraphQLSchema): AnalysisFilter {
  if (text === null) return {} as AnalysisFilter;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidInputError('filter', 'an AnalysisFilter as JSON', text);
  }
  if (value === null) return {} as AnalysisFilter;
  if (jsonDepth(text) > deepestFilter)
    throw new InvalidInputError('filter', `an AnalysisFilter at most ${deepestFilter} deep`, text);
  return coerceInputValue(value, schema.getType('AnalysisFilter') as GraphQLInputType, (path, found, error) => {
    throw new InvalidInputError(['filter', ...path].join('.'), `an AnalysisFilter (${error.message})`, found);
  }) as AnalysisFilter;
}

/** Filters within filters; deeper ones would run out of stack. */
const deepestFilter = 30;
