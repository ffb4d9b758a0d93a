import type { DataSource } from 'typeorm';
import { isDatabaseOutage } from '../database-outage.js';
import { Heartbeat } from './heartbeat.js';
import { Pulse } from './pulse.js';
import type { TakenRun } from '../runs/queue/run-lease.js';
import { RunStopped, type StopReason } from './run-stopped.js';
import { runTraining } from './run-training.js';
import type { TrainingDependencies } from './training-dependencies.js';
import { parseTrainingEvent } from '../runs/events/training-events.js';
import type { TrainingQueue } from '../runs/queue/training-queue.js';
import { WorkerAllowance, type WorkerLimits } from './worker-limits.js';
import { wishesMetBy } from '../runs/workers/worker-kind.js';
import { announceWorker, workerStopped, type WorkerAnnouncement } from '../runs/workers/worker-registry.js';

/** Subscribes to the training channel; returns what ends the subscription. */
type ListenToTraining = (onPayload: (payload: string) => void) => Promise<{ close(): Promise<void> }>;

/** Seconds without a sign of life after which a thread hangs. */
const leastPatience = 18;
const slowestKernelSeconds = 15 * 60;
/** Whose measures even a slow machine computes in a second. */
const samplesASecond = 10_000;

/** A notification wakes an idle worker at once; what it missed it finds after this. */
const idleMilliseconds = 1_000;

export interface WorkerOptions {
  databaseUrl: string;
  dataSource: DataSource;
  queue: TrainingQueue;
  listen: ListenToTraining;
  announcement: WorkerAnnouncement;
  /** Signs of life of its threads; default: of the main thread's turns alone. */
  pulse?: Pulse;
  /** When it ends by itself; default: never. */
  limits?: WorkerLimits;
  /** File descriptor where a parent process listens for signs of life. */
  descriptor?: number | null;
  log: (line: string) => void;
}

/** Takes runs from the queue, one at a time, until it is stopped or its limits are reached. */
export class TrainingWorker {
  /** Resolves with the reason when its limits are reached; what it had under way is back in the queue then. */
  readonly done: Promise<string>;
  private readonly allowance: WorkerAllowance;
  private finish!: (why: string) => void;
  private timeLimit: ReturnType<typeof setTimeout> | undefined;
  private current: { run: TakenRun; stop: AbortController } | null = null;
  private listening: { close(): Promise<void> } | null = null;
  private heartbeat: Heartbeat | null = null;
  private working: Promise<void> | null = null;
  private row = 0;
  private stopping = false;
  private readonly stopped = new AbortController();
  private wake: () => void = () => undefined;

  constructor(
    private readonly dependencies: TrainingDependencies,
    private readonly options: WorkerOptions,
  ) {
    this.allowance = new WorkerAllowance(options.limits);
    this.done = new Promise((resolve) => (this.finish = resolve));
  }

  async start(): Promise<void> {
    const { dataSource, databaseUrl, listen, announcement, pulse = new Pulse(), descriptor = null } = this.options;
    this.row = await announceWorker(dataSource, announcement);
    this.heartbeat = new Heartbeat(databaseUrl, this.row, { pulse, descriptor }, ({ kind, run }) => {
      if (this.current?.run.lease === run.lease) this.stopRun(run.row, kind === 'lost' ? 'lost' : 'cancelled');
    });
    this.heartbeat.hold(null, this.patience);
    this.listening = await listen((payload) => {
      const event = parseTrainingEvent(payload);
      if (event.kind === 'cancel') this.stopRun(event.run, 'cancelled');
      else if (event.kind === 'state') this.wake();
    });
    this.timeLimit = this.onTimeUp();
    this.working = this.work();
  }

  /** A run under way when the time is up goes back to the queue, as when the worker is stopped. */
  private onTimeUp(): ReturnType<typeof setTimeout> | undefined {
    const left = this.allowance.left() * 1000;
    // Longer timers than this fire at once.
    if (left > 2 ** 31 - 1) return undefined;
    return setTimeout(() => this.current?.stop.abort(new RunStopped('worker-stopping')), Math.max(0, left));
  }

  /** Gives the run under way back to the queue; resolves when it has let go. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timeLimit);
    this.stopped.abort(new RunStopped('worker-stopping'));
    this.current?.stop.abort(new RunStopped('worker-stopping'));
    this.wake();
    await this.working;
    await this.listening?.close();
    await this.heartbeat?.close();
    if (this.row) await workerStopped(this.options.dataSource, this.row).catch(() => undefined);
  }

  private stopRun(run: number, why: StopReason): void {
    if (this.current?.run.row === run) this.current.stop.abort(new RunStopped(why));
  }

  private async work(): Promise<void> {
    const { queue, dataSource, log } = this.options;
    const wishes = wishesMetBy(this.dependencies.backend);
    while (!this.stopping) {
      const over = this.allowance.over();
      if (over) return this.finish(over);
      const taken = await queue.take(dataSource, wishes, this.row).catch((error: unknown) => {
        if (!isDatabaseOutage(error))
          log(`taking a run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        return null;
      });
      if (taken) this.allowance.tookRun();
      else this.allowance.foundNone();
      if (taken) await this.train(taken);
      else if (!this.stopping && !(await this.doSideWork())) await this.untilWoken();
    }
  }

  private async train(run: TakenRun): Promise<void> {
    const stop = new AbortController();
    this.current = { run, stop };
    this.heartbeat?.hold(run, await this.patienceFor(run));
    // A stop while the run was being taken found nothing to stop.
    if (this.stopping) stop.abort(new RunStopped('worker-stopping'));
    try {
      const secondsLeft = (): number => this.allowance.left();
      await runTraining({ ...this.dependencies, secondsLeft }, run, stop.signal);
    } catch (error) {
      if (error instanceof RunStopped && error.why === 'worker-stopping') this.allowance.gaveBack();
      if (!(error instanceof RunStopped))
        this.options.log(`run_${run.row}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      this.heartbeat?.hold(null, this.patience);
      this.current = null;
    }
  }

  /** Seconds. Kernels in plain JavaScript take minutes. */
  private get patience(): number {
    return this.dependencies.backend === 'cpu' ? slowestKernelSeconds : leastPatience;
  }

  /**
   * Measures of many samples are computed in one go; and where a run has lost its worker before, this machine may be
   * slow: each time twice as long is borne.
   */
  private async patienceFor(run: TakenRun): Promise<number> {
    const asked = this.options.dataSource.query(
      `SELECT losses, (SELECT count(*)::int FROM sample s WHERE s.dataset_row = r.dataset_row) AS samples FROM training_run r WHERE r."row" = $1`,
      [run.row],
    ) as Promise<[{ losses: number; samples: number }?]>;
    const [found] = await asked.catch(() => [undefined]);
    const { losses, samples } = found ?? { losses: 0, samples: 0 };
    return (this.patience + samples / samplesASecond) * 2 ** losses;
  }

  /** A run that comes meanwhile waits for its end, or for another worker. */
  private async doSideWork(): Promise<boolean> {
    const { sideWork } = this.dependencies;
    if (!sideWork) return false;
    return sideWork(this.stopped.signal).catch((error: unknown) => {
      if (!isDatabaseOutage(error))
        this.options.log(`side work: ${error instanceof Error ? error.stack : String(error)}`);
      return false;
    });
  }

  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, idleMilliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
