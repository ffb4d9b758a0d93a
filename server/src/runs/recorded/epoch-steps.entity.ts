import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TrainingRun } from '../training-run.entity.js';

/** What the steps of an epoch reported; see `step-losses.ts`. */
@Entity({ name: 'epoch_steps' })
export class EpochSteps {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'epoch_steps_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'epoch_steps_run_fk' })
  run!: Relation<TrainingRun>;

  /** Number of the epoch, from 1. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'epoch_steps_pk' })
  epoch!: number;

  /** Steps of the epoch. */
  @Column({ type: 'int' })
  steps!: number;

  /** Consecutive steps whose mean a record is; 1: every step has its own. The last record may be of fewer. */
  @Column({ type: 'int' })
  stride!: number;

  /** Records of little-endian float32, one number for each of `stepNumbers`. */
  @Column({ type: 'bytea' })
  data!: Buffer;
}
