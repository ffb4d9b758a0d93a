import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Sample } from '../sample.entity.js';

/** What else an import found of a sample. Data sets that were imported by earlier versions have none. */
@Entity({ name: 'sample_detail' })
export class SampleDetail {
  @PrimaryColumn({ name: 'sample_row', type: 'int', primaryKeyConstraintName: 'sample_detail_pkey' })
  sampleRow!: number;

  @OneToOne(() => Sample, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'sample_row', foreignKeyConstraintName: 'sample_detail_sample' })
  sample?: Relation<Sample>;

  /** Mean luminance, 0 (black) to 1. */
  @Column({ type: 'real' })
  brightness!: number;

  /** Standard deviation of the Laplacian of the luminance: low where a picture is blurred. */
  @Column({ type: 'real' })
  sharpness!: number;

  /** Further columns of the source, by name; null without any. */
  @Column({ type: 'jsonb', nullable: true })
  attributes!: Record<string, string> | null;
}
