import { Field, ObjectType } from 'type-graphql';
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
} from 'typeorm';
import type { Relation } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { LabelSet } from '../../labels/label-set.entity.js';
import { TrainingRun } from '../training-run.entity.js';
import type { StartTrainingInput } from '../settings/training-input.js';

@ObjectType({
  implements: Node,
  description:
    'Trainings with equal settings, each without one part (fold) of the training split, so that every sample is judged by a model that never saw it. It goes with its data set or label set.',
})
@Entity({ name: 'cross_fit' })
export class CrossFit {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'cross_fit_pkey',
  })
  row!: number;

  get id(): string {
    return globalId('crossfit', this.row);
  }

  @Field(() => String, { description: 'Its runs are called after it.' })
  @Column({ type: 'text' })
  name!: string;

  @Index('cross_fit_of_dataset')
  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'cross_fit_dataset' })
  dataset?: Relation<Dataset>;

  @Index('cross_fit_of_label_set')
  @Column({ name: 'label_set_row', type: 'int' })
  labelSetRow!: number;

  @ManyToOne(() => LabelSet, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'label_set_row', foreignKeyConstraintName: 'cross_fit_label_set' })
  labelSet?: Relation<LabelSet>;

  @Field(() => Boolean, { description: 'Whether all samples of a subject share a fold.' })
  @Column({ name: 'subjects_kept_whole', type: 'boolean' })
  subjectsKeptWhole!: boolean;

  /** What each training was asked for, so that a fold whose run was deleted is trained anew alike. */
  @Column({ type: 'jsonb' })
  input!: StartTrainingInput;

  @Field(() => Date, { description: 'When it was asked for.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

/** A part of the training split that one run does not train on. */
@Entity({ name: 'cross_fit_fold' })
export class CrossFitFoldRow {
  @PrimaryColumn({ name: 'cross_fit_row', type: 'int', primaryKeyConstraintName: 'cross_fit_fold_pkey' })
  crossFitRow!: number;

  @ManyToOne(() => CrossFit, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'cross_fit_row', foreignKeyConstraintName: 'cross_fit_fold_cross_fit' })
  crossFit?: Relation<CrossFit>;

  /** From 1. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'cross_fit_fold_pkey' })
  number!: number;

  /** Rows of the samples left out, ascending. */
  @Column({ name: 'sample_rows', type: 'int', array: true })
  sampleRows!: number[];

  /** Null once the run is deleted. */
  @Index('cross_fit_fold_of_run')
  @Column({ name: 'run_row', type: 'int', nullable: true })
  runRow!: number | null;

  @ManyToOne(() => TrainingRun, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'cross_fit_fold_run' })
  run?: Relation<TrainingRun> | null;
}
