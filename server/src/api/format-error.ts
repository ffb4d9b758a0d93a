import { unwrapResolverError } from '@apollo/server/errors';
import { randomBytes } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { PlatformError } from '../errors.js';
import type { Logger } from '../logging.js';

/**
 * What a client is told of an error: of a PlatformError its code and details, of a mistake in the operation what GraphQL says of it, of anything
 * else only a reference, under which the log has the rest.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  const cause = causeOf(error);
  const place = { ...(formatted.locations && { locations: formatted.locations }), ...(formatted.path && { path: formatted.path }) };
  if (cause instanceof PlatformError) return { message: cause.message, ...place, extensions: { ...cause.details, code: cause.code } };
  if (cause instanceof GraphQLError) {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    const code = extensions['code'] === 'INTERNAL_SERVER_ERROR' || !extensions['code'] ? 'BAD_USER_INPUT' : extensions['code'];
    return { message: formatted.message, ...place, extensions: { ...extensions, code } };
  }
  const reference = randomBytes(4).toString('hex');
  log.error(`internal error ${reference}${formatted.path ? ` at ${formatted.path.join('.')}` : ''}`, cause);
  return {
    message: `Something went wrong in the platform itself; its log has the details under ${reference}.`,
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', reference },
  };
}

/** The same for results over WebSocket, where no Apollo has formatted them. */
export function formatGraphQLError(error: GraphQLError, log: Logger): GraphQLFormattedError {
  return formatError(error.toJSON(), error, log);
}

/** What was thrown, however often it was wrapped in where it happened. */
function causeOf(error: unknown): unknown {
  let cause = unwrapResolverError(error);
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
