import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import { InvalidInputError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { Epoch } from '../recorded/epoch.entity.js';
import { RunEvent } from './run-event.entity.js';
import { type RunEventPlace, runEventsTopic } from './run-event-stream.js';
import { TrainingRun } from '../training-run.entity.js';
import type { TrainingService } from '../training.service.js';

/** A bigint of PostgreSQL that is not negative. */
const cursorForm = /^\d{1,18}$/;

@Resolver(() => RunEvent)
export class RunEventResolver {
  private readonly runByRow: DataLoader<number, TrainingRun | null>;

  constructor(private readonly training: TrainingService) {
    // However many subscribers hear of an event, its run is read once.
    this.runByRow = new DataLoader((rows) => training.byRows(rows), { cache: false });
  }

  @Subscription(() => RunEvent, {
    topics: runEventsTopic,
    topicId: ({ args }): RunEventPlace => placeOf(args as { run?: string | null; after?: string | null }),
    description:
      'What happens to a run, or without `run` to any: queued, taken, steps, epochs, ended. With `after` first what happened since, so that a client that was away misses nothing.',
  })
  runEvents(
    @Root() event: RunEvent,
    @Arg('run', () => ID, { nullable: true, description: 'Like `run_1`.' }) _run: string | null,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'The `cursor` of the last event received, or `0` for everything that is kept. Default: only what happens from now on.',
    })
    _after: string | null,
  ): RunEvent {
    return event;
  }

  @FieldResolver(() => TrainingRun, { description: 'The run as it is now.' })
  async run(@Root() event: RunEvent): Promise<TrainingRun> {
    const run = requireFound(await this.runByRow.load(event.runRow), 'Run', event.runRow);
    return run;
  }

  @FieldResolver(() => Epoch, { nullable: true, description: 'The newest epoch that was recorded then.' })
  epoch(@Root() event: RunEvent): Promise<Epoch | null> {
    return event.epoch === null ? Promise.resolve(null) : this.training.epochOf(event.runRow, event.epoch);
  }
}

/** @throws InvalidInputError */
function placeOf({ run, after }: { run?: string | null; after?: string | null }): RunEventPlace {
  if (typeof after === 'string' && !cursorForm.test(after))
    throw new InvalidInputError('after', 'the cursor of an event, or 0', after);
  return { runRow: run ? rowOf('run', run, 'run') : null, after: after ?? null };
}
