import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Sample } from '../../datasets/sample.entity.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { AnalysedNumbers } from './analysed-numbers.entity.js';

/**
 * Numbers of one sample after the newest epoch of a run, to filter, order and count by in SQL. Replaced as epochs
 * arrive;
 * the vectors of every epoch stay in `epoch_column_chunk`. The measures that lists are most often sorted by have an
 * index each: a page of them reads
 * as many rows as it has; by any other measure it reads the run's rows once, wherever it lies.
 */
@Entity({ name: 'sample_analysis' })
@Index('sample_analysis_cell', ['runRow', 'split', 'givenLabel', 'targetLabel'])
@Index('sample_analysis_sample', ['sampleRow'])
@Index('sample_analysis_entropy', ['runRow', 'entropy', 'sampleRow'])
@Index('sample_analysis_margin', ['runRow', 'margin', 'sampleRow'])
@Index('sample_analysis_self_confidence', ['runRow', 'selfConfidence', 'sampleRow'])
@Index('sample_analysis_normalised_margin', ['runRow', 'normalisedMargin', 'sampleRow'])
@Index('sample_analysis_attention', ['runRow', 'attention', 'sampleRow'])
@Index('sample_analysis_fusion_weight', ['runRow', 'fusionWeight', 'sampleRow'])
@Index('sample_analysis_votes_kl_fused', ['runRow', 'votesKlFused', 'sampleRow'])
@Index('sample_analysis_aum', ['runRow', 'aum', 'sampleRow'])
@Index('sample_analysis_confidence', ['runRow', 'confidence', 'sampleRow'])
@Index('sample_analysis_variability', ['runRow', 'variability', 'sampleRow'])
export class SampleAnalysisRow extends AnalysedNumbers {
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
}
