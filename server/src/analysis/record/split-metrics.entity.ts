import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { TrainingRun } from '../../runs/training-run.entity.js';

@ObjectType({ description: 'How well one class is told. A measure without a sample to count is null, not 0.' })
export class ClassMetrics {
  @Field(() => String, { description: 'A name of `Dataset.classes`.' })
  class!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'Of the samples predicted as the class, the share with this given label; null where none was predicted so or none has the label.',
  })
  precision!: number | null;

  @Field(() => Float, { nullable: true, description: 'Of the samples with this given label, the share predicted so.' })
  recall!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Harmonic mean of the two: 2 TP / (2 TP + FP + FN). 0 where the class is never hit.',
  })
  f1!: number | null;

  @Field(() => Int, { description: 'Samples with this given label.' })
  support!: number;
}

@ObjectType({ description: 'Mean attention w over a split.' })
export class AttentionSummary {
  @Field(() => Float, { description: 'Arithmetic mean.' })
  mean!: number;

  @Field(() => Float, { description: 'Lowest w: the fusion weight of its sample is minimumFusionWeight.' })
  minimum!: number;

  @Field(() => Float, { description: 'Highest w: the fusion weight of its sample is maximumFusionWeight.' })
  maximum!: number;

  @Field(() => Float, { description: '5th percentile.' })
  p5!: number;

  @Field(() => Float, { description: '95th percentile.' })
  p95!: number;
}

/** Measures of one split after one epoch, against the given labels. */
@ObjectType({
  description:
    'Measures of one split after one epoch. Labels are the given ones unless a field says otherwise; the prediction is the target branch.',
})
@Entity({ name: 'split_metrics' })
export class SplitMetrics {
  @PrimaryColumn({ name: 'run_row', type: 'int', primaryKeyConstraintName: 'split_metrics_pk' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'split_metrics_run_fk' })
  run!: Relation<TrainingRun>;

  @Field(() => Int, { description: 'Counted from 1.' })
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'split_metrics_pk' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples were measured.' })
  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'split_metrics_pk' })
  split!: Split;

  @Field(() => Int, { description: 'Samples measured.' })
  @Column({ type: 'int' })
  samples!: number;

  @Field(() => Float, { description: 'Share of samples whose target prediction is the given label, in [0, 1].' })
  @Column({ type: 'double precision' })
  accuracy!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The same for the auxiliary branch; null where no label distributions were recorded.',
  })
  @Column({ name: 'auxiliary_accuracy', type: 'double precision', nullable: true })
  auxiliaryAccuracy!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Accuracy of the target branch against clean labels, where known.',
  })
  @Column({ name: 'clean_accuracy', type: 'double precision', nullable: true })
  cleanAccuracy!: number | null;

  @Field(() => Float, { description: 'Mean recall over the classes that have samples.' })
  @Column({ name: 'balanced_accuracy', type: 'double precision' })
  balancedAccuracy!: number;

  @Field(() => Float, {
    description:
      'Mean F1 over the classes that have samples. scikit-learn\'s `f1_score(average="macro")` by default also counts classes that are predicted only, as 0: pass it the classes with samples as `labels` to compare.',
  })
  @Column({ name: 'macro_f1', type: 'double precision' })
  macroF1!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean entropy of the label distributions in nats; null where none were recorded.',
  })
  @Column({ name: 'label_entropy', type: 'double precision', nullable: true })
  labelEntropy!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean of the losses that a recorded run gave of its samples; null where it gave none.',
  })
  @Column({ type: 'double precision', nullable: true })
  loss!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean KL(votes || label distribution) in nats over the samples with votes.',
  })
  @Column({ name: 'votes_kl_label', type: 'double precision', nullable: true })
  votesKlLabel!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean KL(votes || fused distribution) in nats over the samples with votes.',
  })
  @Column({ name: 'votes_kl_fused', type: 'double precision', nullable: true })
  votesKlFused!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean KL(votes || target distribution) in nats over the samples with votes.',
  })
  @Column({ name: 'votes_kl_target', type: 'double precision', nullable: true })
  votesKlTarget!: number | null;

  @Field(() => AttentionSummary, {
    nullable: true,
    description:
      'How the mean attention w spreads: a narrow spread means that attention tells samples apart no more. Null where no attention was recorded.',
  })
  @Column({ type: 'jsonb', nullable: true })
  attention!: AttentionSummary | null;

  @Field(() => [ClassMetrics], { description: 'C entries, in the order of `Dataset.classes`.' })
  @Column({ name: 'per_class', type: 'jsonb' })
  perClass!: ClassMetrics[];
}
