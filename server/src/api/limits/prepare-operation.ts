import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { refusalOf } from '../authorise-operation.js';
import type { Context } from '../context.js';
import type { Cancellable } from '../deadline.js';
import { costProblem } from './cost.js';
import type { Limits } from './limits.js';
import { limitRules } from './rules.js';
import { tooDeep } from './too-deep.js';

export interface RequestedOperation {
  query?: string | null | undefined;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

export type PrepareOperation = (
  requested: RequestedOperation,
  context: Context,
) => ExecutionArgs | readonly GraphQLError[];

/** What Apollo does for HTTP, for transports without it: parses, validates and weighs an operation. */
export function operationPreparer(schema: GraphQLSchema, limits: Limits, sql: Cancellable): PrepareOperation {
  const rules = [
    ...specifiedRules,
    ...limitRules(limits),
    ...(limits.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  const prepare: PrepareOperation = ({ query, operationName, variables }, contextValue) => {
    const parsed = parseWithin(query ?? '', limits);
    if (parsed instanceof GraphQLError) return [parsed];
    const errors = validate(schema, parsed, rules);
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    const refusal = refusalOf(schema, { document: parsed, operationName }, contextValue, sql);
    if (refusal) return [refusal];
    const problem = costProblem(schema, { document: parsed, operationName, variables }, limits);
    return problem
      ? [problem]
      : {
          schema,
          document: parsed,
          operationName: operationName ?? null,
          variableValues: variables ?? null,
          contextValue,
        };
  };
  return (requested, context) => {
    try {
      return prepare(requested, context);
    } catch (error) {
      const refusal = tooDeep(error);
      if (refusal) return [refusal];
      throw error;
    }
  };
}

/** Whether the operation that would run is a subscription. */
export function isSubscription({
  document,
  operationName,
}: Pick<ExecutionArgs, 'document' | 'operationName'>): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
}

function parseWithin(query: string, limits: Limits): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: limits.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  return error.extensions['code']
    ? error
    : new GraphQLError(error.message, { ...error, extensions: { ...error.extensions, code } });
}
