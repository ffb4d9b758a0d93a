import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { TrainingRun } from '../training-run.entity.js';

/**
 * Samples in a chunk. Small enough that one sample's history reads a page a chunk, large enough that a whole epoch is
 * few rows.
 */
export const samplesPerChunk = 256;

/**
 * What the network said of `samplesPerChunk` samples (by their position in `run_split`) after an epoch.
 * Keyed so that a sample's history is one index range, and stored EXTERNAL (uncompressed) so that a slice of `data`
 * reads without the rest.
 */
@Entity({ name: 'epoch_column_chunk' })
export class EpochColumnChunk {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'epoch_column_chunk_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'epoch_column_chunk_run_fk' })
  run!: Relation<TrainingRun>;

  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'epoch_column_chunk_pk' })
  split!: Split;

  /** Position / samplesPerChunk. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'epoch_column_chunk_pk' })
  chunk!: number;

  /** Number of the epoch, from 1. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'epoch_column_chunk_pk' })
  epoch!: number;

  /**
   * Records of 2C + 2 little-endian float32: label distribution [C], target distribution [C], auxiliary attention,
   * target attention.
   */
  @Column({ type: 'bytea' })
  data!: Buffer;
}
