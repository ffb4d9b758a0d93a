import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Sample } from '../datasets/sample.entity.js';
import { Split } from '../datasets/split.js';
import { TrainingRun } from '../training/training-run.entity.js';

/**
 * Numbers of one sample after the newest epoch of a run, to filter, order and count by in SQL. Replaced as epochs arrive;
 * the vectors of every epoch stay in `epoch_column_chunk`.
 */
@Entity({ name: 'sample_analysis' })
@Index('sample_analysis_cell', ['runRow', 'split', 'givenLabel', 'targetLabel'])
@Index('sample_analysis_sample', ['sampleRow'])
export class SampleAnalysisRow {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'sample_analysis_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'sample_analysis_run_fk' })
  run!: Relation<TrainingRun>;

  @PrimaryColumn({ name: 'sample_row', type: 'int', primaryKeyConstraintName: 'sample_analysis_pk' })
  sampleRow!: number;

  @ManyToOne(() => Sample, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'sample_row', foreignKeyConstraintName: 'sample_analysis_sample_fk' })
  sample!: Relation<Sample>;

  @Column({ type: 'int' })
  epoch!: number;

  @Column({ type: 'enum', enum: Split, enumName: 'split' })
  split!: Split;

  /** Position in `run_split`: where the sample's vectors lie in the columns. */
  @Column({ type: 'int' })
  position!: number;

  /** Class indices: given, argmax of votes, clean, argmax of label, fused and target distribution. */
  @Column({ name: 'given_label', type: 'smallint' })
  givenLabel!: number;

  @Column({ name: 'clean_label', type: 'smallint', nullable: true })
  cleanLabel!: number | null;

  @Column({ name: 'votes_label', type: 'smallint', nullable: true })
  votesLabel!: number | null;

  @Column({ name: 'auxiliary_label', type: 'smallint' })
  auxiliaryLabel!: number;

  @Column({ name: 'fused_label', type: 'smallint' })
  fusedLabel!: number;

  @Column({ name: 'target_label', type: 'smallint' })
  targetLabel!: number;

  /** Entropy of the label distribution in nats. */
  @Column({ name: 'entropy', type: 'real' })
  entropy!: number;

  /** p_1 - p_2 of the target distribution. */
  @Column({ name: 'margin', type: 'real' })
  margin!: number;

  /** Target distribution at the given label. */
  @Column({ name: 'self_confidence', type: 'real' })
  selfConfidence!: number;

  /** Mean attention w. */
  @Column({ name: 'attention', type: 'real' })
  attention!: number;

  /** v: w scaled over the split. */
  @Column({ name: 'fusion_weight', type: 'real' })
  fusionWeight!: number;

  /** KL(votes || fused distribution) in nats. */
  @Column({ name: 'votes_kl_fused', type: 'real', nullable: true })
  votesKlFused!: number | null;
}
