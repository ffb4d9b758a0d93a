import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';
import type { Limits } from './limits.js';

/** Rules besides GraphQL's own. */
export function limitRules(limits: Limits): ValidationRule[] {
  const depth = maxDepthRule({
    n: limits.depth,
    propagateOnRejection: false,
    onReject: [report('OPERATION_TOO_DEEP', `The operation has fields more than ${limits.depth} deep`, limits.depth)],
  });
  const aliases = maxAliasesRule({
    n: limits.aliases,
    allowList: [],
    propagateOnRejection: false,
    onReject: [report('TOO_MANY_ALIASES', `The operation has more than ${limits.aliases} aliases`, limits.aliases)],
  });
  return [depth, aliases] as ValidationRule[];
}

/** Once an operation: the rules would say it of every field beyond the limit. */
function report(code: string, message: string, expected: number): (context: ValidationContext | null) => void {
  const told = new WeakSet<ValidationContext>();
  return (context) => {
    if (!context || told.has(context)) return;
    told.add(context);
    context.reportError(new GraphQLError(`${message}.`, { extensions: { code, limit: code, expected } }));
  };
}
