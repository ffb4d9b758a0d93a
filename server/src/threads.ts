import { availableParallelism } from 'node:os';
import { parentPort, type TransferListItem, Worker } from 'node:worker_threads';

interface Request {
  number: number;
  task: unknown;
}

type Reply = { number: number; answer: unknown } | { number: number; error: unknown };

interface Waiting {
  answer(answer: never): void;
  fail(error: unknown): void;
}

/**
 * Tests run TypeScript sources, whose imports name the `.js` they become: a thread then has to look for the `.ts`
 * beside.
 */
const fromSource = import.meta.url.endsWith('.ts');
const findSources = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    return next(specifier.startsWith('.') && context.parentURL?.endsWith('.ts') ? specifier.replace(/\\.js$/, '.ts') : specifier, context);
  },
});`;
const sourceOptions = fromSource
  ? {
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        '--import',
        `data:text/javascript,${encodeURIComponent(findSources)}`,
      ],
    }
  : {};

/** Threads for work beside the main one: no more than the machine has cores. */
export function threadsUpTo(most: number): number {
  return Math.max(1, Math.min(most, availableParallelism()));
}

/** Threads that all run one module, which calls `serveTasks`. A task goes at once to the thread with the fewest. */
export class ThreadPool<Task, Answer> {
  private readonly threads: { worker: Worker; waiting: Map<number, Waiting> }[];
  private next = 0;
  private broken: Error | null = null;

  /** @param module URL of the compiled file, `new URL('./it.js', import.meta.url)`. */
  constructor(module: URL, count: number) {
    const file = fromSource ? new URL(module.href.replace(/\.js$/, '.ts')) : module;
    this.threads = Array.from({ length: count }, () => {
      const thread = { worker: new Worker(file, sourceOptions), waiting: new Map<number, Waiting>() };
      thread.worker.on('message', (reply: Reply) => settle(thread.waiting, reply));
      thread.worker.on('error', (error) => this.breakDown(error instanceof Error ? error : new Error(String(error))));
      thread.worker.on('exit', () => this.breakDown(new Error('A thread has ended.')));
      return thread;
    });
  }

  /** What the module makes of the task. Rejects with what it threw, and when the threads are closed. */
  run(task: Task, transfer: readonly TransferListItem[] = []): Promise<Answer> {
    if (this.broken) return Promise.reject(this.broken);
    const thread = this.threads.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least));
    const number = this.next++;
    return new Promise<Answer>((answer, fail) => {
      thread.waiting.set(number, { answer, fail });
      thread.worker.postMessage({ number, task } satisfies Request, transfer);
    });
  }

  async close(): Promise<void> {
    this.breakDown(new Error('The threads are closed.'));
    await Promise.all(this.threads.map(({ worker }) => worker.terminate()));
  }

  private breakDown(reason: Error): void {
    this.broken ??= reason;
    for (const { waiting } of this.threads) {
      for (const { fail } of waiting.values()) fail(this.broken);
      waiting.clear();
    }
  }
}

function settle(waiting: Map<number, Waiting>, reply: Reply): void {
  const one = waiting.get(reply.number);
  waiting.delete(reply.number);
  if ('error' in reply) one?.fail(reply.error);
  else one?.answer(reply.answer as never);
}

/**
 * In a thread: answers tasks one after the other. @param transfer what of an answer is handed over rather than copied.
 */
export function serveTasks<Task, Answer>(
  work: (task: Task) => Answer | Promise<Answer>,
  transfer: (answer: Answer) => TransferListItem[] = () => [],
): void {
  const port = parentPort;
  if (!port) throw new Error('serveTasks is for threads.');
  let before = Promise.resolve();
  port.on('message', ({ number, task }: Request) => {
    before = before.then(async () => {
      try {
        const answer = await work(task as Task);
        port.postMessage({ number, answer } satisfies Reply, transfer(answer));
      } catch (error) {
        port.postMessage({ number, error } satisfies Reply);
      }
    });
  });
}
