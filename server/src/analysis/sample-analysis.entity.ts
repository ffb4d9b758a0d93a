import { Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Sample } from '../datasets/sample.entity.js';
import { TrainingRun } from '../training/training-run.entity.js';
import { AnalysedNumbers } from './analysed-numbers.entity.js';

/**
 * Numbers of one sample after the newest epoch of a run, to filter, order and count by in SQL. Replaced as epochs arrive;
 * the vectors of every epoch stay in `epoch_column_chunk`.
 */
@Entity({ name: 'sample_analysis' })
@Index('sample_analysis_cell', ['runRow', 'split', 'givenLabel', 'targetLabel'])
@Index('sample_analysis_sample', ['sampleRow'])
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
