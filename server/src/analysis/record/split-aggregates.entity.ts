import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { Epoch } from '../../runs/recorded/epoch.entity.js';
import type { CalibrationNumbers } from '../../metrics/calibration.js';
import type { Summary } from '../../metrics/summary.js';

/**
 * Counts over a split after an epoch, computed once when it is recorded. What they follow from never changes (outputs
 * and given labels of an
 * epoch, clean labels and votes as imported); they go with their epoch.
 */
@Entity({ name: 'split_aggregates' })
export class SplitAggregates {
  @PrimaryColumn({ name: 'epoch_row', type: 'int', primaryKeyConstraintName: 'split_aggregates_pk' })
  epochRow!: number;

  @ManyToOne(() => Epoch, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'epoch_row', foreignKeyConstraintName: 'split_aggregates_epoch_fk' })
  epoch!: Relation<Epoch>;

  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'split_aggregates_pk' })
  split!: Split;

  /** Confusion counts of every pair of opinions, `[6][6][C][C]` in the order of `Opinion`. */
  @Column({ type: 'int', array: true })
  counts!: number[];

  /** Expected confusion: rows of every opinion, columns of those that come with a distribution, `[6][4][C][C]`. */
  @Column({ type: 'double precision', array: true })
  expected!: number[];

  /** By predicting branch and by what is held to be true; null where nobody knows it. */
  @Column({ type: 'jsonb' })
  calibration!: Record<string, CalibrationNumbers | null>;

  /** Of w, by given label, `[C]`; null for a class without samples. */
  @Column({ type: 'jsonb' })
  attention!: (ClassAttentionNumbers | null)[];

  @Column({ type: 'jsonb' })
  spread!: Spread;
}

export interface ClassAttentionNumbers extends Summary {
  samples: number;
  /** Counts of w in twenty equal bins of [0, 1]. */
  histogram: number[];
}

/** What the signatures of failing training are read from. */
export interface Spread {
  /**
   * Variance over the samples of the label distribution, summed over the classes: 0 where every sample gets the same
   * one.
   */
  labelVariance: number | null;
  /** Shares of samples with w below 0.05 and above 0.95; null without attention, as labelVariance without labels. */
  lowAttention: number | null;
  highAttention: number | null;
}
