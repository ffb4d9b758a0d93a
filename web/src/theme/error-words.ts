/** What browsers say of a request that reached nobody. */
const unreachable = /^(failed to fetch|load failed|networkerror)/i;

/** What went wrong, for people: without the name of the argument that the message begins with. */
export function errorWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String((error as { message?: unknown })?.message ?? error);
  return unreachable.test(text) ? 'The server does not answer. Is it still running?' : text.replace(/^input\./, '');
}
