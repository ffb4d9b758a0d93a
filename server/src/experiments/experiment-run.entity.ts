import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TrainingRun } from '../runs/training-run.entity.js';
import { Experiment } from './experiment.entity.js';

/** A place of an experiment: an arm and a seed. */
@Entity({ name: 'experiment_run' })
export class ExperimentRun {
  @PrimaryColumn({ name: 'experiment_row', type: 'int', primaryKeyConstraintName: 'experiment_run_pk' })
  experimentRow!: number;

  @ManyToOne(() => Experiment, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'experiment_row', foreignKeyConstraintName: 'experiment_run_experiment_fk' })
  experiment!: Relation<Experiment>;

  /** Name of the arm. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'experiment_run_pk' })
  arm!: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'experiment_run_pk' })
  seed!: number;

  /** Null: the run was deleted; the hole is shown and never filled by another. */
  @Index('experiment_run_run')
  @Column({ name: 'run_row', type: 'int', nullable: true })
  runRow!: number | null;

  @ManyToOne(() => TrainingRun, { onDelete: 'SET NULL' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'experiment_run_run_fk' })
  run!: Relation<TrainingRun> | null;

  /** The run was there before: an experiment or a person had trained the same already. */
  @Column({ type: 'boolean' })
  reused!: boolean;
}
