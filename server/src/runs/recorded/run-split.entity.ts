import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { TrainingRun } from '../training-run.entity.js';

/**
 * Which samples a run saw in a split, in the order of its columns, and their labels in the run's label set. Fixed when
 * the run starts.
 */
@Entity({ name: 'run_split' })
export class RunSplit {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'run_split_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'run_split_run_fk' })
  run!: Relation<TrainingRun>;

  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'run_split_pk' })
  split!: Split;

  /** Rows of `sample`, `[N]`; ascending. */
  @Column({ name: 'sample_rows', type: 'int', array: true })
  sampleRows!: number[];

  /** Index of the label of each in the run's label set, `[N]`. */
  @Column({ type: 'smallint', array: true })
  labels!: number[];
}
