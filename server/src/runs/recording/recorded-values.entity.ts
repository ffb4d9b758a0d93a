import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { TrainingRun } from '../training-run.entity.js';

/** Numbers of a recorded run that its records have no place for: pooled features, of any width. */
@Entity({ name: 'recorded_values' })
export class RecordedValues {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'recorded_values_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'recorded_values_run_fk' })
  run!: Relation<TrainingRun>;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'recorded_values_pk' })
  epoch!: number;

  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'recorded_values_pk' })
  split!: Split;

  /** `features`. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'recorded_values_pk' })
  name!: string;

  /** Numbers a sample, F. */
  @Column({ type: 'int' })
  width!: number;

  /** `[N * F]` little-endian float32 by place in `run_split`; NaN for samples it did not speak of. */
  @Column({ type: 'bytea' })
  data!: Buffer;
}
