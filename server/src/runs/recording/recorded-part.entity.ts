import { Field, Int, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { TrainingRun } from '../training-run.entity.js';

/** What one PUT brought: a split after an epoch, whole. */
@ObjectType({ description: 'What a recorded run said of a split after an epoch: one accepted upload.' })
@Entity({ name: 'recorded_part' })
@Index('recorded_part_late', ['runRow'], { where: 'NOT "in_rows"' })
export class RecordedPart {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'recorded_part_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'recorded_part_run_fk' })
  run!: Relation<TrainingRun>;

  @Field(() => Int, { description: 'Counted from 1.' })
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'recorded_part_pk' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'recorded_part_pk' })
  split!: Split;

  /** Of the numbers as they are kept: the same numbers in another format or order have the same. Hexadecimal. */
  @Column({ name: 'content_sha256', type: 'text' })
  contentSha256!: string;

  @Field(() => String, { description: 'SHA-256 of the body as it was sent, hexadecimal.' })
  @Column({ name: 'body_sha256', type: 'text' })
  bodySha256!: string;

  @Field(() => Int, { description: 'Samples it spoke of.' })
  @Column({ type: 'int' })
  samples!: number;

  @Field(() => Int, { description: 'Samples of the split that it did not speak of.' })
  @Column({ type: 'int' })
  missing!: number;

  @Field(() => [String], { description: 'What it said of them: `logits`, `loss`, …' })
  @Column({ type: 'text', array: true })
  columns!: string[];

  /** Whether `sample_analysis` has taken it in; else its rows are late, see `LateRows`. */
  @Column({ name: 'in_rows', type: 'boolean', default: true })
  inRows!: boolean;

  @Field(() => Date, { description: 'When it came.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
