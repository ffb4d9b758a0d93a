import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { TrainingRun } from '../training-run.entity.js';

/** Pooled features of `samplesPerChunk` samples of a split after an epoch, the last chunk shorter. */
@Entity({ name: 'feature_chunk' })
export class FeatureChunk {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'feature_chunk_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'feature_chunk_run_fk' })
  run!: Relation<TrainingRun>;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'feature_chunk_pk' })
  epoch!: number;

  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'feature_chunk_pk' })
  split!: Split;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'feature_chunk_pk' })
  chunk!: number;

  /** F of a branch. */
  @Column({ type: 'int' })
  width!: number;

  /** `[n * 2F]` float16, little-endian: f1 of a sample, then its f2. */
  @Column({ type: 'bytea' })
  data!: Buffer;
}
