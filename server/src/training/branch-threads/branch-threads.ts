import { Worker } from 'node:worker_threads';
import { type BranchName, branchNames, branchOfName, type Parameter } from '../../ada-df/parameters.js';
import type { Learner, StepResult } from '../../ada-df/train-step.js';
import type { EngineOptions } from '../../engine/engine.js';
import { Rendezvous, type RendezvousMemory } from '../../engine/threads/rendezvous.js';
import { messageOf, PlatformError } from '../../errors.js';
import { Pulse } from '../pulse.js';
import type { Trainer, TrainingStep } from '../trainer.js';
import { buffersOf, readState, writeState } from './learner-state.js';
import type { Answer, BranchThreadData, FromThread, Request } from './messages.js';

/** A thread that trains one of the branches ended or failed; the run ends with its message. */
export class BranchThreadFailed extends PlatformError {
  constructor(branch: BranchName, reason: string) {
    super('BRANCH_THREAD_FAILED', `The thread that trains the ${branch} branch failed: ${reason}`, { branch });
  }
}

export interface BranchThreadOptions {
  /** The engine that each thread starts for itself. */
  engine: Omit<EngineOptions, 'log'>;
  /** Samples in the largest batch. */
  batchSize: number;
  log: (line: string) => void;
  /** Where the threads show that they get on. */
  pulse?: Pulse;
  /** Compiled JavaScript of branch-thread.ts. */
  file?: URL;
}

/**
 * How long threads that were asked to close may take before they are stopped by force: longer than any step. A thread
 * that is stopped inside
 * onnxruntime takes the whole process with it.
 */
const closeMilliseconds = 60_000;

/** Trains the two branches on two threads, each with an engine of its own; they meet once a step, in the losses. */
export class BranchThreads implements Trainer {
  readonly ahead = 0;
  private images = new SharedArrayBuffer(0);
  private failure: BranchThreadFailed | undefined;
  private reject: (error: BranchThreadFailed) => void = () => undefined;
  private readonly threads: { branch: BranchName; worker: Worker }[];
  private readonly pulse: Pulse;

  private constructor(
    private readonly learner: Learner,
    private readonly meeting: RendezvousMemory,
    private readonly options: BranchThreadOptions,
  ) {
    const file = options.file ?? new URL('./branch-thread.js', import.meta.url);
    const { config } = learner;
    this.pulse = options.pulse ?? new Pulse();
    const pulse = this.pulse.memory;
    this.threads = branchNames.map((branch) => ({
      branch,
      worker: new Worker(file, {
        workerData: { branch, config, engine: options.engine, meeting, pulse } satisfies BranchThreadData,
      }),
    }));
    for (const { branch, worker } of this.threads) {
      worker.on('message', (message: FromThread) => this.hear(branch, message));
      worker.on('error', (error) => this.fail(branch, messageOf(error)));
      worker.on('exit', (code) => this.fail(branch, `it ended with code ${code}`));
    }
  }

  /** @throws BranchThreadFailed when an engine does not start in a thread. */
  static async open(learner: Learner, options: BranchThreadOptions): Promise<BranchThreads> {
    const shared = learner.network.parameters.filter(({ name, trainable }) => trainable && branchOfName(name) === null);
    const meeting = Rendezvous.allocate(Math.max(floatsOf(shared), options.batchSize * (learner.config.classes + 1)));
    const threads = new BranchThreads(learner, meeting, options);
    try {
      for (const { branch, worker } of threads.threads) {
        const state = await readState(learner, (name) => branchOfName(name) === branch || branchOfName(name) === null);
        worker.postMessage({ ask: 'take', state } satisfies Request, buffersOf(state));
      }
      await threads.answers();
      return threads;
    } catch (error) {
      await threads.close();
      throw error;
    }
  }

  async step(step: TrainingStep): Promise<StepResult> {
    if (this.images.byteLength !== step.images.byteLength) this.images = new SharedArrayBuffer(step.images.byteLength);
    const images = new Float32Array(this.images);
    images.set(step.images);
    const [answer] = await this.ask({ ask: 'step', step: { ...step, images } });
    return (answer as { losses: StepResult }).losses;
  }

  async settle(): Promise<void> {
    for (const answer of await this.ask({ ask: 'state' }))
      writeState(this.learner, (answer as { state: Parameters<typeof writeState>[1] }).state);
  }

  async close(): Promise<void> {
    this.fail('auxiliary', 'it was closed');
    await Promise.all(this.threads.map(({ worker }) => closeThread(worker)));
  }

  private async ask(request: Request): Promise<Answer[]> {
    const answers = this.answers();
    this.pulse.asked();
    for (const { worker } of this.threads) worker.postMessage(request);
    try {
      return await answers;
    } finally {
      this.pulse.answered();
    }
  }

  /** The next answer of each thread, in the order of the branches. */
  private answers(): Promise<Answer[]> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      if (this.failure) return reject(this.failure);
      const received = new Map<BranchName, Answer>();
      this.receive = (branch, answer) => {
        received.set(branch, answer);
        if (received.size === branchNames.length) resolve(branchNames.map((name) => received.get(name)!));
      };
    });
  }

  private receive: (branch: BranchName, answer: Answer) => void = () => undefined;

  private hear(branch: BranchName, message: FromThread): void {
    if ('answer' in message) this.receive(branch, message.answer);
    else if ('failed' in message) this.fail(branch, message.failed);
    else if ('log' in message) this.options.log(message.log);
  }

  /** The first failure is the cause; the other thread, which may wait for this one, is let go. */
  private fail(branch: BranchName, reason: string): void {
    if (this.failure) return;
    this.failure = new BranchThreadFailed(branch, reason);
    Rendezvous.callOff(this.meeting);
    this.reject(this.failure);
  }
}

/** Resolves when it has ended, at once if it had. */
async function closeThread(worker: Worker): Promise<void> {
  if (worker.threadId === -1) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage({ ask: 'close' } satisfies Request);
  const timer = setTimeout(() => void worker.terminate(), closeMilliseconds);
  await ended;
  clearTimeout(timer);
}

const floatsOf = (parameters: Parameter[]): number =>
  parameters.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
