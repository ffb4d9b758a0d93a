import {
  BREAK,
  type DocumentNode,
  getIntrospectionQuery,
  getNamedType,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  parse,
  visit,
} from 'graphql';
import { type ComplexityEstimator, getComplexity } from 'graphql-query-complexity';
import { largestPage } from '../../graphql/pagination.js';
import { inputProblem, inputSize } from './input-size.js';
import type { Limits } from './limits.js';

/** Entries that a list of objects without `first` is taken to have: epochs, classes, splits. */
const entriesOfAList = 10;

/**
 * A field costs 1 and what stands below it, once for each entry that it can have: `first` of a page, ten of other lists
 * of objects.
 */
const perEntry: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  if (field.name === '__typename') return 0;
  const entries = field.name.startsWith('__') || type.name.startsWith('__') ? introspected[field.name] : undefined;
  if (entries !== undefined) return 1 + entries * childComplexity;
  if (typeof args['first'] === 'number') return 1 + entriesOfAPage(args['first']) * childComplexity;
  // `nodes` and `edges` of a page are its entries again, not a list of their own.
  const page = field.name === 'nodes' || field.name === 'edges';
  return 1 + (page || !isListOfObjects(field.type) ? 1 : entriesOfAList) * childComplexity;
};

/**
 * Entries of the lists of the schema's own description, about as many as ours has: `types` and `directives` in all,
 * the others a type or field.
 */
const introspected: Readonly<Record<string, number>> = {
  types: 300,
  directives: 8,
  fields: 6,
  args: 1,
  inputFields: 2,
  enumValues: 2,
  interfaces: 1,
  possibleTypes: 1,
};
/** GraphiQL and code generators ask for everything once; that is free, and no more than that. */
const standardIntrospection = parse(getIntrospectionQuery());

/** A page that is too long is refused by its field, in better words. */
function entriesOfAPage(first: number): number {
  return Math.min(Math.max(0, first), largestPage);
}

function isListOfObjects(type: GraphQLOutputType): boolean {
  const nullable = isNonNullType(type) ? type.ofType : type;
  return isListType(nullable) && !isLeafType(getNamedType(nullable));
}

export interface Operation {
  document: DocumentNode;
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Fields that the answer to a valid operation can hold. @throws GraphQLError of the variables. */
function costOf(schema: GraphQLSchema, operation: Operation): number {
  const cost = complexityOf(schema, operation);
  return asksForSchema(operation.document) ? Math.max(0, cost - introspectionCost(schema)) : cost;
}

const standardCosts = new WeakMap<GraphQLSchema, number>();

function introspectionCost(schema: GraphQLSchema): number {
  const known = standardCosts.get(schema) ?? complexityOf(schema, { document: standardIntrospection });
  standardCosts.set(schema, known);
  return known;
}

function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, {
    Field(node) {
      if (node.name.value !== '__schema' && node.name.value !== '__type') return undefined;
      asks = true;
      return BREAK;
    },
  });
  return asks;
}

function complexityOf(schema: GraphQLSchema, { document, operationName, variables }: Operation): number {
  return getComplexity({
    schema,
    query: document,
    variables: { ...variables },
    operationName: operationName ?? undefined,
    estimators: [perEntry],
  });
}

/** Null for an operation within the limit, and for one whose variables are wrong: its execution says so better. */
export function costProblem(schema: GraphQLSchema, operation: Operation, limits: Limits): GraphQLError | null {
  const size = inputSize(operation.variables ?? {});
  const wrong = inputProblem(size, limits);
  if (wrong) return wrong;
  let cost: number;
  try {
    cost = costOf(schema, operation) + size.cost - inputSize({}).cost;
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
  if (cost <= limits.cost) return null;
  const message = `The operation can answer with ${cost} fields, expected at most ${limits.cost}. Ask for smaller pages (first) or fewer fields; whole columns come as Arrow.`;
  return new GraphQLError(message, {
    extensions: { code: 'OPERATION_TOO_COSTLY', expected: limits.cost, found: cost },
  });
}
