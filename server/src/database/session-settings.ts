/**
 * Of every session of ours. A process that was stopped, cut off or whose machine went away in the middle of a
 * transaction holds its locks until the server ends its session: after half a minute of silence inside a transaction,
 * and a minute after its machine was last heard of.
 */
const settings: Readonly<Record<string, string>> = {
  idle_in_transaction_session_timeout: '30s',
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
};

/** As PostgreSQL takes it when a session begins. @param more settings beside ours. */
export function sessionOptions(more: Readonly<Record<string, string>> = {}): string {
  return Object.entries({ ...settings, ...more })
    .map(([name, value]) => `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`)
    .join(' ');
}

/** The same in a URL, for clients that are given nothing else. What the URL sets itself stays. */
export function withSessionOptions(url: string): string {
  const changed = new URL(url);
  changed.searchParams.set('options', `${sessionOptions()} ${changed.searchParams.get('options') ?? ''}`.trim());
  return changed.href;
}
