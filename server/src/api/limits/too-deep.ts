import { GraphQLError } from 'graphql';

const code = 'OPERATION_TOO_DEEP';
const message = 'The operation or its values are nested too deep. Ask for less within less.';

/** What is said where something walked deeper than V8's stack; null for any other cause. */
export function tooDeep(cause: unknown): GraphQLError | null {
  const isOverflow = cause instanceof RangeError && /Maximum call stack/.test(cause.message);
  return isOverflow ? new GraphQLError(message, { extensions: { code } }) : null;
}
