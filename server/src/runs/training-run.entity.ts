import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import { LabelSet } from '../labels/label-set.entity.js';
import { Model } from '../models/model.entity.js';
import { Recording } from './recording/recording.js';
import { TrainingConfiguration } from './settings/training-configuration.js';
import { Worker } from './workers/worker.entity.js';

export enum RunKind {
  TRAINING = 'TRAINING',
  EVALUATION = 'EVALUATION',
  RECORDED = 'RECORDED',
}
registerEnumType(RunKind, {
  name: 'RunKind',
  description:
    'TRAINING: trains a model, epoch by epoch. EVALUATION: the record of an `Evaluation`, read like a run of one epoch. RECORDED: trained by somebody else, who sent what the model said; no worker takes it.',
});

export enum RunState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(RunState, {
  name: 'RunState',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker has it.' },
    COMPLETED: { description: 'Every epoch was trained and recorded.' },
    FAILED: { description: 'It ended with `error`; the epochs recorded before stay.' },
    CANCELLED: { description: 'A person stopped it; the epochs recorded before stay.' },
  },
});

export enum TrainingPhase {
  LOADING = 'LOADING',
  TRAINING = 'TRAINING',
  EVALUATING = 'EVALUATING',
  RECORDING = 'RECORDING',
}
registerEnumType(TrainingPhase, { name: 'TrainingPhase', description: 'What a running worker is doing.' });

/** Where a running run stands; written about once a second. */
@ObjectType({ description: 'Where a running run stands; renewed about once a second.' })
export class TrainingProgress {
  @Field(() => TrainingPhase, { description: 'What the worker is doing.' })
  phase!: TrainingPhase;

  @Field(() => Int, { description: 'The epoch under way, counted from 1.' })
  epoch!: number;

  @Field(() => Int, { description: 'Batches done in this phase of this epoch.' })
  step!: number;

  @Field(() => Int, { description: 'Batches in this phase of this epoch.' })
  steps!: number;

  @Field(() => Float, { nullable: true, description: 'Loss of the newest training batch: s_ce CE + s_kl KL + RR.' })
  loss!: number | null;

  @Field(() => Float, { nullable: true, description: 'CE of the newest training batch.' })
  crossEntropy!: number | null;

  @Field(() => Float, { nullable: true, description: 'KL of the newest training batch.' })
  kullbackLeibler!: number | null;

  @Field(() => Float, { nullable: true, description: 'RR of the newest training batch.' })
  rankRegularization!: number | null;

  @Field(() => Float, { nullable: true, description: "Adam's, in this epoch; null while images are loaded." })
  learningRate?: number | null;

  @Field(() => Float, { nullable: true, description: 's_ce of this epoch.' })
  crossEntropyRamp?: number | null;

  @Field(() => Float, { nullable: true, description: 's_kl of this epoch.' })
  kullbackLeiblerRamp?: number | null;

  @Field(() => Float, { nullable: true, description: 'Lowest attention w of the newest training batch, in (0, 1).' })
  attentionMinimum?: number | null;

  @Field(() => Float, { nullable: true, description: 'Highest attention w of the newest training batch, in (0, 1).' })
  attentionMaximum?: number | null;

  @Field(() => Float, { nullable: true, description: 'Training images per second over the epoch so far.' })
  imagesPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'Estimated seconds to the end of the run.' })
  secondsLeft!: number | null;
}

@ObjectType({ description: 'A package that decides numbers, as it was installed.' })
export class PackageVersion {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'As its own package.json says.' })
  version!: string;
}

/** One training of one model on one data set. */
@ObjectType({ implements: Node, description: 'One training of one model on one data set.' })
@Entity({ name: 'training_run' })
export class TrainingRun {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('run', this.row);
  }

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  @Field(() => RunState)
  @Column({ type: 'enum', enum: RunState, enumName: 'run_state', default: RunState.QUEUED })
  state!: RunState;

  @Field(() => RunKind, { description: 'Lists of runs show trainings; an evaluation is reached by its `Evaluation`.' })
  @Column({ type: 'enum', enum: RunKind, enumName: 'run_kind', default: RunKind.TRAINING })
  kind!: RunKind;

  @Index('training_run_dataset')
  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'training_run_dataset_fk' })
  dataset!: Relation<Dataset>;

  @Index('training_run_label_set')
  @Column({ name: 'label_set_row', type: 'int' })
  labelSetRow!: number;

  @ManyToOne(() => LabelSet)
  @JoinColumn({ name: 'label_set_row', foreignKeyConstraintName: 'training_run_label_set_fk' })
  labelSet!: Relation<LabelSet>;

  /** Null where `kind` is RECORDED: training, which alone uses it as a number, never meets such a run. */
  @Column({ name: 'model_row', type: 'int', nullable: true })
  modelRow!: number;

  @ManyToOne(() => Model, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'model_row', foreignKeyConstraintName: 'training_run_model_fk' })
  model!: Relation<Model>;

  /** Null where `kind` is RECORDED, which training never meets; others ask `configurationOf`. */
  @Field(() => TrainingConfiguration, {
    nullable: true,
    description: 'As it was used; it never changes. Null for a recorded run: see `recording`.',
  })
  @Column({ type: 'jsonb', nullable: true })
  configuration!: TrainingConfiguration;

  @Field(() => Recording, {
    nullable: true,
    description: 'What whoever recorded it said of it; null for runs that were trained here.',
  })
  @Column({ type: 'jsonb', nullable: true })
  recording!: Recording | null;

  /** The request under an idempotency key that began a recorded run: repeated, it finds this run. */
  @Index('training_run_recording_request_unique', { unique: true })
  @Column({ name: 'recording_request', type: 'text', nullable: true })
  recordingRequest!: string | null;

  @Field(() => TrainingProgress, { nullable: true, description: 'Null before it starts and after it ends.' })
  @Column({ type: 'jsonb', nullable: true })
  progress!: TrainingProgress | null;

  @Field(() => Boolean, { description: 'Somebody asked to cancel it; the worker stops at its next step.' })
  @Column({ name: 'cancel_requested', type: 'boolean', default: false })
  cancelRequested!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Field(() => String, { nullable: true, description: 'Where its tensors ran, e.g. `native-cpu`.' })
  @Column({ type: 'text', nullable: true })
  backend!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The device behind the backend, e.g. the processor and its threads.',
  })
  @Column({ type: 'text', nullable: true })
  device!: string | null;

  /** `ANY`, `GPU`, or the name of a backend. */
  @Field(() => String, { description: 'Which worker it asks for: `ANY`, `GPU`, or the name of a backend.' })
  @Column({ name: 'wanted_worker', type: 'text', default: 'ANY' })
  wantedWorker!: string;

  /** How often it was taken: the fencing token of whoever has it. */
  @Column({ type: 'int', default: 0 })
  lease!: number;

  /** When it goes to another worker unless the one that has it says that it lives. */
  @Index('training_run_lease_until')
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  @Index('training_run_worker')
  @Column({ name: 'worker_row', type: 'int', nullable: true })
  workerRow!: number | null;

  @ManyToOne(() => Worker, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'worker_row', foreignKeyConstraintName: 'training_run_worker_fk' })
  worker!: Relation<Worker> | null;

  @Field(() => Int, {
    description: 'Workers it has lost since its newest epoch: killed, or cut off. At five it fails.',
  })
  @Column({ type: 'int', default: 0 })
  losses!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Version of the platform that trained it last: the package, and the commit where that is known.',
  })
  @Column({ name: 'code_version', type: 'text', nullable: true })
  codeVersion!: string | null;

  @Field(() => [PackageVersion], {
    description: 'Runtime and packages that decide its numbers; empty before it started.',
  })
  @Column({ type: 'jsonb', default: [] })
  packages!: PackageVersion[];

  @Index('training_run_parent')
  @Column({ name: 'parent_row', type: 'int', nullable: true })
  parentRow!: number | null;

  /** The run that this one retrains. */
  @ManyToOne(() => TrainingRun, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'parent_row', foreignKeyConstraintName: 'training_run_parent_fk' })
  parent!: Relation<TrainingRun> | null;

  /** A copy of the weights it begins with, relative to the data directory; null: they are drawn from the seed. */
  @Column({ name: 'initial_path', type: 'text', nullable: true })
  initialPath!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the checkpoint it began with, hexadecimal; null where its weights were drawn from the seed.',
  })
  @Column({ name: 'initial_sha256', type: 'text', nullable: true })
  initialSha256!: string | null;

  @Field(() => [String], { description: 'Words of people to find it by, in the order they were given.' })
  @Column({ type: 'text', array: true, default: [] })
  tags!: string[];

  @Field(() => String, { description: 'What people say of it; empty where nobody did.' })
  @Column({ type: 'text', default: '' })
  notes!: string;

  @Field(() => Date, { description: 'When it was asked for.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}

/** Whether somebody else trained it. */
export function isRecorded({ kind }: Pick<TrainingRun, 'kind'>): boolean {
  return kind === RunKind.RECORDED;
}

/** Settings of a run that was trained here; null of one that was not. */
export function configurationOf(run: TrainingRun): TrainingConfiguration | null {
  return run.configuration as TrainingConfiguration | null;
}
