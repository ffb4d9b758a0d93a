/**
 * An error that a caller can act on. `code` is stable and part of the public API; `details` say what was expected and
 * found.
 */
export class PlatformError extends Error {
  // Written out, no parameter properties: threads run this from source in tests, where Node strips types and no more.
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message.length > longestMessage ? `${message.slice(0, longestMessage)} …` : message);
    this.name = new.target.name;
    this.code = code;
    this.details = shortened(details) as Readonly<Record<string, unknown>>;
  }
}

/** Characters of a message, and of a text in its details: what a client sent is not sent back whole. */
const longestMessage = 4000;
const longestText = 1000;
const longestList = 2000;
const deepestDetails = 6;
/** Characters of a value that a message shows. */
const longestShown = 300;

function shortened(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > longestText ? `${value.slice(0, longestText)} …` : value;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= deepestDetails) return '…';
  if (Array.isArray(value)) return value.slice(0, longestList).map((item) => shortened(item, depth + 1));
  const entries = Object.entries(value).slice(0, longestList);
  return Object.fromEntries(entries.map(([key, item]) => [key.slice(0, longestText), shortened(item, depth + 1)]));
}

/** A value that somebody gave, as a message shows it. */
function shownValue(value: unknown): string {
  const text = JSON.stringify(shortened(value)) ?? String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)} …` : text;
}

/** Something was asked for by an id or name that does not exist. */
export class NotFoundError extends PlatformError {
  constructor(what: string, id: string | number) {
    super('NOT_FOUND', `${what} "${id}" does not exist.`, { what, id: String(id) });
  }
}

/** What was looked for by `id`. @throws NotFoundError where it is not there. */
export function requireFound<T>(thing: T | null | undefined, what: string, id: string | number): T {
  if (thing === null || thing === undefined) throw new NotFoundError(what, id);
  return thing;
}

/**
 * An argument or option has a value outside what is accepted. `path` names the argument, `expected` and `found` are
 * printable. `message` where one sentence of both does not say it all.
 */
export class InvalidInputError extends PlatformError {
  constructor(
    path: string,
    expected: string,
    found: unknown,
    message = `${path}: expected ${expected}, found ${shownValue(found)}.`,
  ) {
    super('INVALID_INPUT', message, {
      path,
      expected,
      found,
    });
  }
}

/**
 * One error for everything that is wrong with an input, so that nobody mends it in rounds: `problems` lists path,
 * expected and found of each; path, expected and found beside it are the first's.
 */
export function inputError(problems: readonly InvalidInputError[]): PlatformError {
  const [first] = problems;
  if (!first) throw new TypeError('No problem, no error.');
  if (problems.length === 1) return first;
  const message = `${problems.length} things are wrong. ${problems.map((problem) => problem.message).join(' ')}`;
  return new PlatformError(first.code, message, {
    ...first.details,
    problems: problems.map(({ details }) => details),
  });
}

/** The request is well formed, but the thing it names is in a state that does not allow it. */
export class ConflictError extends PlatformError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('CONFLICT', message, details);
  }
}

/** The machine or its set-up does not allow what was asked: a busy port, an unreadable directory, a wrong variable. */
export class EnvironmentError extends PlatformError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('ENVIRONMENT', message, details);
  }
}

/** A message for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
