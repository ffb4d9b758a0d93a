import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { LabelSet } from './label-set.entity.js';

/** Samples in a chunk: 1 kB, so that a row stays in its page and one sample's label reads without the rest. */
export const samplesPerLabelChunk = 512;

/** What stands for a missing label. */
export const noLabel = -1;

/** Labels of `samplesPerLabelChunk` samples, by `sample.index`. */
@Entity({ name: 'label_set_chunk' })
export class LabelSetChunk {
  @PrimaryColumn({ name: 'label_set_row', type: 'int', primaryKeyConstraintName: 'label_set_chunk_pk' })
  labelSetRow!: number;

  @ManyToOne(() => LabelSet, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'label_set_row', foreignKeyConstraintName: 'label_set_chunk_set_fk' })
  labelSet!: Relation<LabelSet>;

  /** sample.index / samplesPerLabelChunk. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'label_set_chunk_pk' })
  chunk!: number;

  /** Class indices; `noLabel` where there is none. */
  @Column({ type: 'smallint', array: true })
  labels!: number[];
}

/** A label that is a distribution; few samples of a set have one. */
@Entity({ name: 'label_set_distribution' })
export class LabelSetDistribution {
  @PrimaryColumn({ name: 'label_set_row', type: 'int', primaryKeyConstraintName: 'label_set_distribution_pk' })
  labelSetRow!: number;

  @ManyToOne(() => LabelSet, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'label_set_row', foreignKeyConstraintName: 'label_set_distribution_set_fk' })
  labelSet!: Relation<LabelSet>;

  @PrimaryColumn({ name: 'sample_index', type: 'int', primaryKeyConstraintName: 'label_set_distribution_pk' })
  sampleIndex!: number;

  /** `[C]`, summing to 1. */
  @Column({ type: 'real', array: true })
  distribution!: number[];
}
