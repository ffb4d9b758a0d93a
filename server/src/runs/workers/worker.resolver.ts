import DataLoader from 'dataloader';
import { Arg, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { RunState, TrainingRun } from '../training-run.entity.js';
import type { TrainingService } from '../training.service.js';
import { describeWish, wishesMetBy, type WantedWorker } from './worker-kind.js';
import type { WorkerNow } from './worker-registry.js';
import { Worker, WorkerState } from './worker.entity.js';

@Resolver(() => Worker)
export class WorkerResolver {
  private readonly now: DataLoader<number, WorkerNow | null>;

  constructor(private readonly training: TrainingService) {
    this.now = workersNow(training);
  }

  @Query(() => [Worker], { description: 'Processes that train, newest first.' })
  async workers(
    @Arg('ended', () => Boolean, {
      defaultValue: false,
      description: 'Also those that stopped or were lost within the last day.',
    })
    ended: boolean,
  ): Promise<Worker[]> {
    return (await this.training.workers(ended)).map(({ worker }) => worker);
  }

  @Query(() => String, {
    nullable: true,
    description: 'Why no worker of this platform can start, in the words of one that tried; null where they can.',
  })
  workerTrouble(): string | null {
    return this.training.workerTrouble;
  }

  @FieldResolver(() => WorkerState)
  async state(@Root() worker: Worker): Promise<WorkerState> {
    return (await this.now.load(worker.row))?.state ?? WorkerState.STOPPED;
  }

  @FieldResolver(() => TrainingRun, { nullable: true, description: 'The run it trains now.' })
  async run(@Root() worker: Worker): Promise<TrainingRun | null> {
    const runRow = (await this.now.load(worker.row))?.runRow ?? null;
    return runRow === null ? null : this.training.byRow(runRow);
  }
}

@Resolver(() => TrainingRun)
export class RunWorkerResolver {
  private readonly now: DataLoader<number, WorkerNow | null>;
  private readonly waiting: DataLoader<string, string>;

  constructor(training: TrainingService) {
    this.now = workersNow(training);
    this.waiting = new DataLoader(
      async (wishes) => {
        const workers = await training.workers(false);
        return wishes.map((wish) => waitsFor(wish, workers, training.workerTrouble));
      },
      { cache: false },
    );
  }

  @FieldResolver(() => Worker, { nullable: true, description: 'The worker that has it, or had it last.' })
  async worker(@Root() run: TrainingRun): Promise<Worker | null> {
    return run.workerRow === null ? null : ((await this.now.load(run.workerRow))?.worker ?? null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What a queued run waits for, in words: "a GPU worker; none is there", "a free worker; no worker can start: ...". Null unless it is QUEUED.',
  })
  waitingFor(@Root() run: TrainingRun): Promise<string> | null {
    return run.state === RunState.QUEUED ? this.waiting.load(run.wantedWorker) : null;
  }
}

/** Batches what one tick asks for; nothing is kept, so nothing grows old. */
function workersNow(training: TrainingService): DataLoader<number, WorkerNow | null> {
  return new DataLoader(
    async (rows) => {
      const byRow = new Map((await training.workers(true)).map((now) => [now.worker.row, now]));
      return rows.map((row) => byRow.get(row) ?? null);
    },
    { cache: false },
  );
}

function waitsFor(wish: string, workers: readonly WorkerNow[], trouble: string | null): string {
  const able = workers.filter(({ worker }) => wishesMetBy(worker.backend).includes(wish as WantedWorker));
  if (able.length === 0 && trouble !== null) return `${describeWish(wish)}; no worker can start: ${trouble}`;
  if (able.length === 0) return `${describeWish(wish)}; none is there`;
  const busy = able.filter(({ state }) => state === WorkerState.TRAINING).length;
  if (busy < able.length) return `${describeWish(wish)} to take it`;
  return `${describeWish(wish)}; ${busy === 1 ? 'the one there is trains' : `all ${busy} train`} another run`;
}
