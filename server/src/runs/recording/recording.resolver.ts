import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { settingsOf } from '../settings/settings-of.js';
import { isRecorded, RunState, TrainingRun } from '../training-run.entity.js';
import { RecordedPart } from './recorded-part.entity.js';
import { RecordRunInput } from './record-run-input.js';
import type { RecordingService, RecordedEnd } from './recording.service.js';
import { Requires, Role } from '../../graphql/role.js';

export enum RecordedOutcome {
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(RecordedOutcome, {
  name: 'RecordedOutcome',
  description: 'How a recorded run ended.',
  valuesConfig: {
    COMPLETED: { description: 'As it was meant to.' },
    FAILED: { description: 'By a failure of its own.' },
    CANCELLED: { description: 'Somebody stopped it.' },
  },
});

@ObjectType({ description: 'A setting of a run, whoever trained it.' })
export class RunSetting {
  @Field(() => String, { description: 'Nested ones as `optimizer.lr`.' })
  name!: string;

  @Field(() => String, { description: 'A text as it is, else JSON.' })
  value!: string;
}

@Resolver(() => TrainingRun)
export class RecordingResolver {
  constructor(private readonly recordings: RecordingService) {}

  @Requires(Role.TRAINER)
  @Extensions({ repeatable: true })
  @Mutation(() => TrainingRun, {
    description:
      'Begins a run that is trained elsewhere: what it says is sent to its `uploadUrl`, and read like any run. RUNNING until `finishRun`.',
  })
  recordRun(
    @Arg('input', () => RecordRunInput) input: RecordRunInput,
    @Ctx() { idempotentRequest = null }: { idempotentRequest?: string | null },
  ): Promise<TrainingRun> {
    return this.recordings.record(input, idempotentRequest);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => TrainingRun, {
    description: 'Nothing more will be sent. CONFLICT where it has ended otherwise; resumeTraining opens it again.',
  })
  finishRun(
    @Arg('run', () => ID) run: string,
    @Arg('state', () => RecordedOutcome, { defaultValue: RecordedOutcome.COMPLETED }) state: RecordedOutcome,
    @Arg('error', () => String, { nullable: true, description: 'Why it failed.' }) error: string | null,
  ): Promise<TrainingRun> {
    return this.recordings.finish(run, RunState[state] as RecordedEnd, error ?? null);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Relative; PUT to it with `{epoch}` and `{split}` filled in: JSON lines, Arrow, Parquet or .npz. docs/recording.md says what the columns are called. Null for a run that was trained here.',
  })
  uploadUrl(@Root() run: TrainingRun): string | null {
    return isRecorded(run) ? `/runs/${run.id}/epochs/{epoch}/{split}` : null;
  }

  @FieldResolver(() => [RunSetting], {
    description: 'Its settings by name, those of our runs and of recorded ones alike: compare and search by them.',
  })
  settings(@Root() run: TrainingRun): RunSetting[] {
    return [...settingsOf(run)]
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }));
  }

  @FieldResolver(() => [RecordedPart], {
    nullable: true,
    description: 'What was recorded, a split after an epoch each; null for a run that was trained here.',
  })
  parts(@Root() run: TrainingRun): Promise<RecordedPart[]> | null {
    return isRecorded(run) ? this.recordings.parts(run.row) : null;
  }
}
