import { RE2JS } from 're2js';
import { InvalidInputError } from '../../errors.js';

/** A regular expression that somebody gave. */
export interface ClientPattern {
  /** The first group of the first match, or without groups all of it; null where nothing matches. */
  find(text: string): string | null;
}

const longestPattern = 1000;

/**
 * In the syntax of RE2, which runs in linear time: without look-around and back references, with which a short pattern
 * can keep a thread busy for ever.
 * @throws InvalidInputError that names the argument and what is wrong with the pattern.
 */
export function clientPattern(argument: string, source: string): ClientPattern {
  if (source.length > longestPattern)
    throw new InvalidInputError(argument, `a regular expression of at most ${longestPattern} characters`, source);
  const pattern = compiled(argument, source);
  return {
    find(text) {
      const matcher = pattern.matcher(text);
      if (!matcher.find()) return null;
      return (matcher.groupCount() > 0 ? matcher.group(1) : null) ?? matcher.group() ?? null;
    },
  };
}

function compiled(argument: string, source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : '';
    throw new InvalidInputError(
      argument,
      `a regular expression in the syntax of RE2 (${reason.slice(0, 200)})`,
      source,
    );
  }
}
