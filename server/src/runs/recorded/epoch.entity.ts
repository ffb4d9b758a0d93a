import { Field, Float, Int, ObjectType } from 'type-graphql';
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { TrainingRun } from '../training-run.entity.js';

@ObjectType({
  description:
    'Means over the training batches of an epoch. total = s_ce crossEntropy + s_kl kullbackLeibler + rankRegularization.',
})
export class EpochLosses {
  @Field(() => Float, { description: 's_ce crossEntropy + s_kl kullbackLeibler + rankRegularization.' })
  total!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'CE of the auxiliary logits against the given labels, in nats; null where it was not recorded.',
  })
  crossEntropy!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'KL(fused || target) in nats, over the batch size; null where it was not recorded.',
  })
  kullbackLeibler!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'RR: what the low-attention group lacks to stay the margin below the high one; 0 when it does. Null where it was not recorded.',
  })
  rankRegularization!: number | null;
}

@ObjectType({ description: 'Weights of the losses in an epoch.' })
export class Ramps {
  @Field(() => Float, { description: 's_kl' })
  kullbackLeibler!: number;

  @Field(() => Float, { description: 's_ce' })
  crossEntropy!: number;
}

/** What one epoch of one run did; per-sample vectors are in `epoch_column_chunk`. */
@ObjectType({
  implements: Node,
  description: 'One epoch of a run: losses, ramps, speed and the class distributions mined after it.',
})
@Entity({ name: 'epoch' })
@Index('epoch_run_number_unique', ['runRow', 'number'], { unique: true })
export class Epoch {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('epoch', this.row);
  }

  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'epoch_run_fk' })
  run!: Relation<TrainingRun>;

  @Field(() => Int, { description: 'Counted from 1.' })
  @Column({ type: 'int' })
  number!: number;

  @Field(() => Float, { nullable: true, description: "Adam's, in this epoch." })
  @Column({ name: 'learning_rate', type: 'double precision', nullable: true })
  learningRate!: number | null;

  @Field(() => Ramps, { nullable: true, description: 'Weights of the losses in this epoch.' })
  @Column({ type: 'jsonb', nullable: true })
  ramps!: Ramps | null;

  @Field(() => EpochLosses, { nullable: true, description: 'Means over its training batches.' })
  @Column({ type: 'jsonb', nullable: true })
  losses!: EpochLosses | null;

  @Field(() => Float, { nullable: true, description: 'Training images per second, evaluation not counted.' })
  @Column({ name: 'images_per_second', type: 'double precision', nullable: true })
  imagesPerSecond!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds from its first batch to its record, evaluation included.',
  })
  @Column({ name: 'duration_seconds', type: 'double precision', nullable: true })
  durationSeconds!: number | null;

  /** L after this epoch, `[C * C]` row-major; row y is the class distribution of label y. */
  @Column({ name: 'class_distributions', type: 'real', array: true, nullable: true })
  classDistributions!: number[] | null;

  /** `[C]`: true where the row is the fallback and was not mined. */
  @Column({ name: 'fallback_rows', type: 'boolean', array: true, nullable: true })
  fallbackRows!: boolean[] | null;

  /** `[C]`: training samples with each given label. */
  @Column({ name: 'class_counts', type: 'int', array: true, nullable: true })
  classCounts!: number[] | null;

  /** Split -> [lowest, highest] mean attention w over the split: the range that scales w into the fusion weight. */
  @Column({ name: 'attention_ranges', type: 'jsonb' })
  attentionRanges!: Record<string, [number, number]>;

  @Field(() => Date)
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
