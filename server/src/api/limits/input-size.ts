import { GraphQLError } from 'graphql';
import type { Limits } from './limits.js';

/** Objects within objects and lists of variables: filters within filters are a handful. */
const deepestInput = 40;
/** What an object of the variables costs: a filter becomes SQL, an annotation a row. */
const costOfAnObject = 20;

/** What the variables of an operation cost: objects by their number, lists by their length. */
export interface InputSize {
  cost: number;
  depth: number;
  /** Where a text holds a NUL, which no database keeps; null where none does. */
  nul: string | null;
}

/** Looks at every value once, without recursion: a client says how deep it goes. */
export function inputSize(variables: unknown): InputSize {
  let cost = 0;
  let depth = 0;
  let nul: string | null = null;
  const waiting: [value: unknown, at: number, path: string][] = [[variables, 0, 'variables']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, at, path] = next;
    if (typeof value === 'string' && value.includes('\0')) nul ??= path;
    if (typeof value !== 'object' || value === null) continue;
    depth = Math.max(depth, at);
    cost += Array.isArray(value) ? value.length : costOfAnObject;
    for (const [key, item] of Object.entries(value))
      waiting.push([item, at + 1, path.length < 200 ? `${path}.${key.slice(0, 40)}` : path]);
  }
  return { cost, depth, nul };
}

/** Null for variables within the limits. */
export function inputProblem({ cost, depth, nul }: InputSize, limits: Limits): GraphQLError | null {
  if (depth > deepestInput)
    return problem('OPERATION_TOO_DEEP', `The variables are nested ${depth} deep`, deepestInput, depth);
  if (cost > limits.cost)
    return problem('OPERATION_TOO_COSTLY', `The variables count ${cost} fields`, limits.cost, cost);
  if (nul === null) return null;
  const message = `${nul}: expected a text without NUL (U+0000), which no database keeps.`;
  return new GraphQLError(message, { extensions: { code: 'INVALID_INPUT', path: nul } });
}

function problem(code: string, what: string, expected: number, found: number): GraphQLError {
  const message = `${what}, expected at most ${expected}. Send less at a time.`;
  return new GraphQLError(message, { extensions: { code, expected, found } });
}
