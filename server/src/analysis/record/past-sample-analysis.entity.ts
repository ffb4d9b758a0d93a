import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { AnalysedNumbers } from './analysed-numbers.entity.js';
import { PastAnalysis } from './past-analysis.entity.js';

/**
 * What `sample_analysis` is for the newest epoch, for a past one. Derived from the columns; it may be deleted at any
 * time.
 */
@Entity({ name: 'past_sample_analysis' })
export class PastSampleAnalysis extends AnalysedNumbers {
  @PrimaryColumn({ name: 'epoch_row', type: 'int', primaryKeyConstraintName: 'past_sample_analysis_pk' })
  epochRow!: number;

  @ManyToOne(() => PastAnalysis, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'epoch_row', foreignKeyConstraintName: 'past_sample_analysis_epoch_fk' })
  analysis!: Relation<PastAnalysis>;

  @PrimaryColumn({ name: 'sample_row', type: 'int', primaryKeyConstraintName: 'past_sample_analysis_pk' })
  sampleRow!: number;

  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;
}
