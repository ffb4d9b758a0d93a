import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { rowOf } from '../graphql/global-id.js';
import { checkFirst, Connection, decodeCursor, pageOf, type Page } from '../graphql/pagination.js';
import { LabelSet } from '../labels/label-set.entity.js';
import type { LabelSetService } from '../labels/label-set.service.js';
import { Model } from '../models/model.entity.js';
import type { ModelService } from '../models/model.service.js';
import { Epoch } from './recorded/epoch.entity.js';
import { RunListFilter } from './run-list-filter.js';
import { DescribeRunInput } from './run-notes.js';
import { RetrainInput } from './settings/retrain-input.js';
import { RunLogLine } from './run-log.entity.js';
import { StartTrainingInput } from './settings/training-input.js';
import { trainingChannel, type TrainingEvent } from './events/training-events.js';
import { RunKind, RunState, TrainingRun } from './training-run.entity.js';
import type { TrainingService } from './training.service.js';
import { Requires, Role } from '../graphql/role.js';

const TrainingRunConnection = Connection(TrainingRun);
const RunLogConnection = Connection(RunLogLine);

@Resolver(() => TrainingRun)
export class TrainingRunResolver {
  private readonly datasetByRow: DataLoader<number, Dataset | null>;
  private readonly runByRow: DataLoader<number, TrainingRun | null>;
  private readonly modelByRow: DataLoader<number, Model | null>;

  constructor(
    private readonly training: TrainingService,
    datasets: DatasetService,
    private readonly labelSets: LabelSetService,
    models: ModelService,
  ) {
    // Batches what one tick asks for; nothing is kept, so nothing grows old.
    this.datasetByRow = new DataLoader((rows) => datasets.byRows(rows), { cache: false });
    this.runByRow = new DataLoader((rows) => training.byRows(rows), { cache: false });
    this.modelByRow = new DataLoader((rows) => models.byRows(rows), { cache: false });
  }

  @Query(() => TrainingRunConnection, { description: 'Runs that were trained here or recorded, newest first.' })
  async trainingRuns(
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('state', () => RunState, { nullable: true }) state: RunState | null,
    @Arg('kind', () => RunKind, { nullable: true, description: 'Default: TRAINING and RECORDED.' })
    kind: RunKind | null,
    @Arg('search', () => String, {
      nullable: true,
      description:
        'Words of names, notes and code, and settings like `optimizer.lr=0.1` or `batchSize=32`: all of them have to be found.',
    })
    search: string | null,
    @Arg('filter', () => RunListFilter, { nullable: true, description: 'Which; all of them by default.' })
    only: RunListFilter | null,
  ): Promise<Page<TrainingRun>> {
    checkFirst(first);
    const [before = null] = (decodeCursor('runs', after, ['integer']) ?? []) as number[];
    const filter = { state: state ?? null, kind: kind ?? null, search: search ?? null, only };
    const runs = await this.training.page(first, before, filter);
    return pageOf(
      'runs',
      runs,
      { first, after },
      ({ row }) => [row],
      () => this.training.count(filter),
    );
  }

  @Query(() => TrainingRun, { nullable: true, description: 'Null where there is no such run.' })
  trainingRun(@Arg('id', () => ID) id: string): Promise<TrainingRun | null> {
    return this.training.byRow(rowOf('run', id));
  }

  @Requires(Role.TRAINER)
  @Mutation(() => TrainingRun, { description: 'Puts a new run in the queue; the next free worker trains it.' })
  startTraining(@Arg('input', () => StartTrainingInput) input: StartTrainingInput): Promise<TrainingRun> {
    return this.training.start(input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => TrainingRun, {
    description: 'Trains a run again on corrected labels, as a new run; `RunComparison` says what it changed.',
  })
  retrain(
    @Arg('run', () => ID) run: string,
    @Arg('input', () => RetrainInput) input: RetrainInput,
  ): Promise<TrainingRun> {
    return this.training.retrain(run, input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => TrainingRun, {
    description:
      'A run that failed or was cancelled goes on from its last checkpoint, a completed one with more epochs, to the same bits as a run that had been asked for them at once. CONFLICT while it is queued or running.',
  })
  resumeTraining(
    @Arg('run', () => ID) run: string,
    @Arg('epochs', () => Int, { nullable: true, description: 'In all. Default: as many as it was to have.' }) epochs:
      | number
      | null,
  ): Promise<TrainingRun> {
    return this.training.resume(run, epochs ?? null);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => TrainingRun, {
    description: 'Gives a run another name, tags or notes; what it trained and recorded stays as it is.',
  })
  describeRun(
    @Arg('run', () => ID) run: string,
    @Arg('input', () => DescribeRunInput) input: DescribeRunInput,
  ): Promise<TrainingRun> {
    return this.training.describe(run, input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => TrainingRun, {
    description:
      'A queued run ends at once, a running one at its next step; recorded epochs stay. CONFLICT when it has ended already.',
  })
  cancelTraining(@Arg('run', () => ID) run: string): Promise<TrainingRun> {
    return this.training.cancel(run);
  }

  @Subscription(() => TrainingRun, {
    topics: trainingChannel,
    filter: ({ payload, args }: { payload: TrainingEvent; args: { run?: string | null } }) =>
      !args.run || payload.run === rowOf('run', args.run, 'run'),
    description: 'The run whenever its progress, state or epochs change; without `run`, every run.',
  })
  async trainingProgress(
    @Root() event: TrainingEvent,
    @Arg('run', () => ID, { nullable: true }) _run: string | null,
  ): Promise<TrainingRun> {
    const run = await this.runByRow.load(event.run);
    if (!run) throw new Error(`Run ${event.run} was announced but does not exist.`);
    return run;
  }

  @FieldResolver(() => Dataset)
  dataset(@Root() run: TrainingRun): Promise<Dataset | null> {
    return this.datasetByRow.load(run.datasetRow);
  }

  @FieldResolver(() => LabelSet, { description: 'The labels it trained on: what its analyses call given.' })
  labelSet(@Root() run: TrainingRun): Promise<LabelSet | null> {
    return this.labelSets.byRow(run.labelSetRow);
  }

  @FieldResolver(() => Model, { nullable: true, description: 'Null for a recorded run: it has none here.' })
  async model(@Root() run: TrainingRun): Promise<Model | null> {
    return (run.modelRow as number | null) === null ? null : this.modelByRow.load(run.modelRow);
  }

  @FieldResolver(() => [Epoch], { description: 'Oldest first.' })
  epochs(@Root() run: TrainingRun): Promise<Epoch[]> {
    return this.training.epochsOf(run.row);
  }

  @FieldResolver(() => Epoch, { nullable: true, description: 'Default: the newest. Null before it was recorded.' })
  epoch(
    @Root() run: TrainingRun,
    @Arg('number', () => Int, { nullable: true }) number: number | null,
  ): Promise<Epoch | null> {
    return this.training.epochOf(run.row, number ?? null);
  }

  @FieldResolver(() => TrainingRun, { nullable: true, description: 'The run that this one retrains.' })
  parent(@Root() run: TrainingRun): Promise<TrainingRun | null> | null {
    return run.parentRow === null ? null : this.training.byRow(run.parentRow);
  }

  @FieldResolver(() => RunLogConnection, { description: 'What its workers said, newest first.' })
  async log(
    @Root() run: TrainingRun,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
  ): Promise<Page<RunLogLine>> {
    checkFirst(first);
    const list = `log of ${run.id}`;
    const [before = null] = (decodeCursor(list, after, ['integer']) ?? []) as number[];
    const lines = await this.training.log(run.row, first, before);
    return pageOf(
      list,
      lines,
      { first, after },
      ({ row }) => [row],
      () => this.training.countLog(run.row),
    );
  }
}
