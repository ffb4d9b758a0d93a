import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Dataset } from '../../datasets/dataset.entity.js';
import type { DatasetService } from '../../datasets/dataset.service.js';
import { rowOf } from '../../graphql/global-id.js';
import { Requires, Role } from '../../graphql/role.js';
import { LabelSet } from '../../labels/label-set.entity.js';
import type { LabelSetService } from '../../labels/label-set.service.js';
import { StartTrainingInput } from '../settings/training-input.js';
import { RunState, TrainingRun } from '../training-run.entity.js';
import type { TrainingService } from '../training.service.js';
import { CrossFitFold, CrossFitPlan } from './cross-fit-types.js';
import { CrossFit } from './cross-fit.entity.js';
import { type CrossFitService, stateOf } from './cross-fit.service.js';

const inputArgument = { description: 'Data set, label set and settings of each training; its seed deals the folds.' };
const foldsArgument = { defaultValue: 5, description: '2 to 50: as many trainings.' };
const subjectsArgument = {
  defaultValue: true,
  description: 'Whether all samples of a subject share a fold, so that no model has seen the person it judges.',
};
const crossFitArgument = { description: 'Like `crossfit_1`.' };

@Resolver(() => CrossFit)
export class CrossFitResolver {
  constructor(
    private readonly service: CrossFitService,
    private readonly datasets: DatasetService,
    private readonly labelSets: LabelSetService,
  ) {}

  @Query(() => CrossFit, { nullable: true, description: 'Null where there is no such cross-fit.' })
  crossFit(@Arg('id', () => ID, crossFitArgument) id: string): Promise<CrossFit | null> {
    return this.service.byRow(rowOf('crossfit', id));
  }

  @Query(() => CrossFitPlan, {
    description:
      'What the mutation `crossFit` with these arguments would do, and how long it would take. Nothing is started.',
  })
  crossFitPlan(
    @Arg('input', () => StartTrainingInput, inputArgument) training: StartTrainingInput,
    @Arg('folds', () => Int, foldsArgument) folds: number,
    @Arg('keepSubjectsWhole', () => Boolean, subjectsArgument) keepSubjectsWhole: boolean,
  ): Promise<CrossFitPlan> {
    return this.service.plan({ training, folds, keepSubjectsWhole });
  }

  @Requires(Role.TRAINER)
  @Mutation(() => CrossFit, {
    name: 'crossFit',
    description:
      'Puts as many trainings in the queue as there are folds of the training split. Each is trained on the other folds and judges its own after every epoch; folds have equal shares of each class as far as subjects allow. `crossFitPlan` says what it costs.',
  })
  startCrossFit(
    @Arg('input', () => StartTrainingInput, inputArgument) training: StartTrainingInput,
    @Arg('folds', () => Int, foldsArgument) folds: number,
    @Arg('keepSubjectsWhole', () => Boolean, subjectsArgument) keepSubjectsWhole: boolean,
  ): Promise<CrossFit> {
    return this.service.start({ training, folds, keepSubjectsWhole });
  }

  @Requires(Role.TRAINER)
  @Mutation(() => CrossFit, {
    description:
      'Folds that failed or were cancelled go on from their last checkpoint; those whose runs were deleted are trained anew. Nothing happens to the others.',
  })
  resumeCrossFit(@Arg('crossFit', () => ID, crossFitArgument) id: string): Promise<CrossFit> {
    return this.service.resume(id);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => CrossFit, { description: 'Cancels the folds that are queued or running; `resumeCrossFit` goes on.' })
  cancelCrossFit(@Arg('crossFit', () => ID, crossFitArgument) id: string): Promise<CrossFit> {
    return this.service.cancel(id);
  }

  @FieldResolver(() => [CrossFitFold], { description: 'In the order of their numbers.' })
  folds(@Root() { row }: CrossFit): Promise<CrossFitFold[]> {
    return this.service.foldsOf(row);
  }

  @FieldResolver(() => RunState, {
    description:
      'Of its folds as a whole: RUNNING while some are done or running and others left, FAILED also where a run was deleted.',
  })
  async state(@Root() { row }: CrossFit): Promise<RunState> {
    return stateOf(await this.service.foldsOf(row));
  }

  @FieldResolver(() => Dataset, { description: 'Whose training split is judged.' })
  async dataset(@Root() { datasetRow }: CrossFit): Promise<Dataset> {
    return (await this.datasets.byRows([datasetRow]))[0];
  }

  @FieldResolver(() => LabelSet, { description: 'The labels that are judged.' })
  async labelSet(@Root() { labelSetRow }: CrossFit): Promise<LabelSet> {
    return (await this.labelSets.byRow(labelSetRow))!;
  }
}

@Resolver(() => CrossFitFold)
export class CrossFitFoldResolver {
  private readonly runs: DataLoader<number, TrainingRun | null>;

  constructor(training: TrainingService) {
    this.runs = new DataLoader((rows) => training.byRows(rows), { cache: false });
  }

  @FieldResolver(() => TrainingRun, {
    nullable: true,
    description: 'Trained on the other folds; its validation split is this one. Null once it is deleted.',
  })
  async run(@Root() { runRow }: CrossFitFold): Promise<TrainingRun | null> {
    return runRow === null ? null : this.runs.load(runRow);
  }
}

@Resolver(() => Dataset)
export class DatasetCrossFitsResolver {
  constructor(private readonly service: CrossFitService) {}

  @FieldResolver(() => [CrossFit], { description: 'Newest first.' })
  crossFits(@Root() { row }: Dataset): Promise<CrossFit[]> {
    return this.service.ofDataset(row);
  }
}
