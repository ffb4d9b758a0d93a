import { type Client, createClient } from 'graphql-ws';
import { socketUrl } from './address';

export type ConnectionState = 'connecting' | 'open' | 'lost';

/** Waits between attempts, in milliseconds; the last one repeats for ever. */
const waits = [250, 500, 1_000, 2_000, 4_000];
/** The server is asked this often whether it is there, and has this long to answer: a cut cable says nothing. */
const askMilliseconds = 10_000;
const answerMilliseconds = 5_000;

/** The page's one socket: open as long as the page is, since it also tells whether the server is there. */
export interface Connection {
  socket: Client;
  state(): ConnectionState;
  /** Calls back when the state changes; returns how to stop. */
  onChange(listener: () => void): () => void;
}

/** Opens the socket and keeps it. `onReturn` is called when it is back after a loss: what happened meanwhile has to be asked for. */
export function connect(onReturn: () => void): Connection {
  let state: ConnectionState = 'connecting';
  const listeners = new Set<() => void>();
  const enter = (next: ConnectionState): void => {
    if (state === next) return;
    state = next;
    for (const listener of listeners) listener();
  };
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  const socket = createClient({
    url: socketUrl,
    lazy: false,
    // A refusal is no reason to stop: a server that is being started again refuses at first.
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: waitToRetry,
    onNonLazyError: () => enter('lost'),
    keepAlive: askMilliseconds,
    on: {
      connected: () => {
        const returned = state === 'lost';
        enter('open');
        if (returned) onReturn();
      },
      closed: () => {
        clearTimeout(unanswered);
        enter('lost');
      },
      ping: (received) => {
        if (!received) unanswered = setTimeout(() => socket.terminate(), answerMilliseconds);
      },
      pong: (received) => {
        if (received) clearTimeout(unanswered);
      },
    },
  });
  return {
    socket,
    state: () => state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Ends early when the machine says that it is on a network again, or the page is looked at. */
async function waitToRetry(attempt: number): Promise<void> {
  const wait = waits[Math.min(attempt, waits.length - 1)];
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, wait);
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') done();
    };
    function done(): void {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', onVisible);
      resolve();
    }
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', onVisible);
  });
}
