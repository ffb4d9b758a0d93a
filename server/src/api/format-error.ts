import { unwrapResolverError } from '@apollo/server/errors';
import { randomBytes } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { PlatformError } from '../errors.js';
import type { Logger } from '../logging.js';
import { tooDeep } from './limits/too-deep.js';

/**
 * What a client is told of an error: of a PlatformError its code and details, of a mistake in the operation what
 * GraphQL says of it, of anything
 * else only a reference, under which the log has the rest.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown, log: Logger): GraphQLFormattedError {
  const cause = causeOf(error);
  const place = {
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
  };
  if (cause instanceof PlatformError)
    return { message: cause.message, ...place, extensions: { ...cause.details, code: cause.code } };
  if (cause instanceof GraphQLError) {
    // Apollo gives every error of validation the same code; a limit that was passed keeps its own.
    const { stacktrace: _, limit, ...extensions } = formatted.extensions ?? {};
    const known = extensions['code'] && extensions['code'] !== 'INTERNAL_SERVER_ERROR';
    const code = limit ?? (known ? extensions['code'] : 'BAD_USER_INPUT');
    return { message: cut(withRange(formatted.message)), ...place, extensions: { ...extensions, code } };
  }
  if (isCancelledStatement(cause))
    return {
      message: 'The operation took longer than allowed and was cancelled. Ask for less at a time.',
      ...place,
      extensions: { code: 'TIMEOUT' },
    };
  const overtaken = overtakenBy(cause);
  if (overtaken) return { message: overtaken, ...place, extensions: { code: 'CONFLICT' } };
  const deep = tooDeep(cause);
  if (deep) return { message: deep.message, ...place, extensions: deep.extensions };
  const unkept = unkeptInput(cause);
  if (unkept) return { message: unkept.message, ...place, extensions: { code: unkept.code } };
  const reference = randomBytes(4).toString('hex');
  log.error(`internal error ${reference}${formatted.path ? ` at ${formatted.path.join('.')}` : ''}`, cause);
  return {
    message: `Something went wrong in the platform itself; its log has the details under ${reference}.`,
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', reference },
  };
}

/** Characters of a message of GraphQL's own: it repeats the value that it refuses. */
const longestMessage = 2000;

const cut = (message: string): string =>
  message.length > longestMessage ? `${message.slice(0, longestMessage)} …` : message;

/** What PostgreSQL does not keep, by its codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const unkept: Readonly<Record<string, string>> = {
  '22021': 'A text holds a character that the database does not keep, like NUL (U+0000). Leave it out.',
  '22P05': 'A text holds a character that the database does not keep, like NUL (U+0000). Leave it out.',
  '54000': 'A name or text is too long for the database to look up. Use a shorter one.',
  '22001': 'A name or text is longer than the database keeps. Use a shorter one.',
  '22003': 'A number is larger than the database keeps. Use a smaller one.',
};

function unkeptInput(cause: unknown): { code: string; message: string } | null {
  const code = cause instanceof Error ? (cause as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' && Object.hasOwn(unkept, code)
    ? { code: 'INVALID_INPUT', message: unkept[code] }
    : null;
}

/** What somebody else did at the same moment, by PostgreSQL's codes; nothing was changed. */
const overtakings: Readonly<Record<string, string>> = {
  '23503': 'Something that this refers to was deleted at the same moment, or is still referred to. Look again.',
  '40P01': 'Somebody else changed the same things at the same moment. Try again.',
  '40001': 'Somebody else changed the same things at the same moment. Try again.',
};

function overtakenBy(cause: unknown): string | null {
  const code = cause instanceof Error ? (cause as Error & { code?: unknown }).code : undefined;
  return typeof code === 'string' && Object.hasOwn(overtakings, code) ? overtakings[code] : null;
}

/** GraphQL refuses an Int that is too large without saying how large it may be. */
function withRange(message: string): string {
  return /Int cannot represent non 32-bit signed integer value/.test(message)
    ? `${message.replace(/\.?$/, '')} (a whole number from -2147483648 to 2147483647).`
    : message;
}

/** The same for results over WebSocket, where no Apollo has formatted them. */
export function formatGraphQLError(error: GraphQLError, log: Logger): GraphQLFormattedError {
  return formatError(error.toJSON(), error, log);
}

/** PostgreSQL's query_canceled: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isCancelledStatement(cause: unknown): boolean {
  return cause instanceof Error && (cause as Error & { code?: unknown }).code === '57014';
}

/** What was thrown, however often it was wrapped in where it happened. */
function causeOf(error: unknown): unknown {
  let cause = unwrapResolverError(error);
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}
