import { RunStopped, runTraining, type StopReason } from './run-training.js';
import type { TrainingDependencies } from './training-dependencies.js';
import { parseTrainingEvent } from './training-events.js';
import type { TrainingQueue } from './training-queue.js';
import { TrainingRun } from './training-run.entity.js';

/** Subscribes to the training channel; returns what ends the subscription. */
export type ListenToTraining = (onPayload: (payload: string) => void) => Promise<{ close(): Promise<void> }>;

/** Takes runs from the queue, one at a time, until it is stopped. */
export class TrainingWorker {
  private current: { run: number; stop: AbortController; ended: Promise<void> } | null = null;
  private listening: { close(): Promise<void> } | null = null;
  private stopping = false;

  constructor(
    private readonly dependencies: TrainingDependencies,
    private readonly queue: TrainingQueue,
    private readonly listen: ListenToTraining,
  ) {}

  async start(): Promise<void> {
    this.listening = await this.listen((payload) => {
      const event = parseTrainingEvent(payload);
      if (event.kind === 'cancel') this.stopRun(event.run, 'cancelled');
    });
    await this.queue.work((run, lost) => this.train(run, lost));
  }

  /** Gives the run under way back to the queue; resolves when it has let go. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.current) {
      this.current.stop.abort(new RunStopped('worker-stopping'));
      await this.current.ended;
    }
    await this.listening?.close();
  }

  private stopRun(run: number, why: StopReason): void {
    if (this.current?.run === run) this.current.stop.abort(new RunStopped(why));
  }

  private async train(run: number, lost: AbortSignal): Promise<void> {
    if (this.stopping) throw new RunStopped('worker-stopping');
    const stop = new AbortController();
    lost.addEventListener('abort', () => stop.abort(new RunStopped('lost')), { once: true });
    const training = runTraining(this.dependencies, run, stop.signal);
    this.current = { run, stop, ended: training.catch(() => undefined) };
    try {
      // A cancellation between the run's enqueuing and our listening would be missed: look once.
      const row = await this.dependencies.dataSource.getRepository(TrainingRun).findOneBy({ row: run });
      if (row?.cancelRequested) this.stopRun(run, 'cancelled');
      await training;
    } finally {
      this.current = null;
    }
  }
}
