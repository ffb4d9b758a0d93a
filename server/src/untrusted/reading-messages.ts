import { messageOf, PlatformError } from '../errors.js';

/** What the platform sends to a process that reads. */
export type ReaderRequest = { id: number; reading: string; input: unknown } | { id: number; abort: string };

/** What it hears from there. */
export type ReaderAnswer =
  | { id: number; output: unknown }
  | { id: number; error: SentError }
  | { id: number; began: true }
  | { id: number; progress: unknown }
  | { alive: true };

/** An error on its way between processes. */
export interface SentError {
  /** Of a PlatformError, or of the operating system. */
  code: string | null;
  message: string;
  /** Null of what is no PlatformError. */
  details: Readonly<Record<string, unknown>> | null;
  stack: string;
}

const longestStack = 4000;

export function sentError(error: unknown): SentError {
  const stack = error instanceof Error ? (error.stack ?? '').slice(0, longestStack) : '';
  if (error instanceof PlatformError)
    return { code: error.code, message: error.message, details: plain(error.details), stack };
  return { code: (error as NodeJS.ErrnoException)?.code ?? null, message: messageOf(error), details: null, stack };
}

/** The error as it was thrown, as far as anybody tells errors apart: by class PlatformError and code. */
export function receivedError({ code, message, details, stack }: SentError): Error {
  const error = details === null ? new Error(message) : new PlatformError(code ?? 'UNREADABLE', message, details);
  if (details === null && code !== null) Object.assign(error, { code });
  error.stack = stack;
  return error;
}

/** Details are JSON in the end; whatever is not does not travel. */
function plain(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  try {
    return structuredClone(details);
  } catch {
    return {};
  }
}
