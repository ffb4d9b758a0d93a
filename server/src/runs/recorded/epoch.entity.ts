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

  @Field(() => Float, { description: 'CE of the auxiliary logits against the given labels, in nats.' })
  crossEntropy!: number;

  @Field(() => Float, { description: 'KL(fused || target) in nats, over the batch size.' })
  kullbackLeibler!: number;

  @Field(() => Float, {
    description: 'RR: what the low-attention group lacks to stay the margin below the high one; 0 when it does.',
  })
  rankRegularization!: number;
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

  @Field(() => Float, { description: "Adam's, in this epoch." })
  @Column({ name: 'learning_rate', type: 'double precision' })
  learningRate!: number;

  @Field(() => Ramps, { description: 'Weights of the losses in this epoch.' })
  @Column({ type: 'jsonb' })
  ramps!: Ramps;

  @Field(() => EpochLosses, { description: 'Means over its training batches.' })
  @Column({ type: 'jsonb' })
  losses!: EpochLosses;

  @Field(() => Float, { description: 'Training images per second, evaluation not counted.' })
  @Column({ name: 'images_per_second', type: 'double precision' })
  imagesPerSecond!: number;

  @Field(() => Float, { description: 'Seconds from its first batch to its record, evaluation included.' })
  @Column({ name: 'duration_seconds', type: 'double precision' })
  durationSeconds!: number;

  /** L after this epoch, `[C * C]` row-major; row y is the class distribution of label y. */
  @Column({ name: 'class_distributions', type: 'real', array: true })
  classDistributions!: number[];

  /** `[C]`: true where the row is the fallback and was not mined. */
  @Column({ name: 'fallback_rows', type: 'boolean', array: true })
  fallbackRows!: boolean[];

  /** `[C]`: training samples with each given label. */
  @Column({ name: 'class_counts', type: 'int', array: true })
  classCounts!: number[];

  /** Split -> [lowest, highest] mean attention w over the split: the range that scales w into the fusion weight. */
  @Column({ name: 'attention_ranges', type: 'jsonb' })
  attentionRanges!: Record<string, [number, number]>;

  @Field(() => Date)
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
