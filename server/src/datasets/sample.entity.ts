import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import { DistributionScalar } from '../graphql/scalars.js';
import { Dataset } from './dataset.entity.js';
import { Split } from '../split.js';

registerEnumType(Split, {
  name: 'Split',
  description:
    'Which part of a data set a sample belongs to. Only TRAIN is trained on; VALIDATION selects; TEST reports.',
});

/** One image. Whoever loads samples sets `dataset` on each (see SampleService): class names come from there. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One image with its given label and, where known, votes, clean label and true distribution.',
})
@Entity({ name: 'sample' })
@Index('sample_dataset_index_unique', ['datasetRow', 'index'], { unique: true })
@Index('sample_dataset_key_unique', ['datasetRow', 'key'], { unique: true })
export class Sample {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('sample', this.row);
  }

  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @Field(() => Dataset, { description: 'The data set it belongs to.' })
  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'sample_dataset_fk' })
  dataset!: Relation<Dataset>;

  @Field(() => Int, { description: 'Position within the data set, from 0, in the order of import.' })
  @Column({ type: 'int' })
  index!: number;

  @Field(() => String, {
    description: 'The name its source knows it by, e.g. `fer0000000.png`. Unique within the data set.',
  })
  @Column({ type: 'text' })
  key!: string;

  @Field(() => Split, { description: 'The part of the data set it belongs to.' })
  @Column({ type: 'enum', enum: Split, enumName: 'split' })
  split!: Split;

  /** Index into `dataset.classes`. */
  @Column({ name: 'given_label', type: 'smallint' })
  givenLabelIndex!: number;

  @Field(() => String, {
    description: 'The label it came with, a name of `Dataset.classes`. Training learns from this one.',
  })
  get givenLabel(): string {
    return this.dataset.classes[this.givenLabelIndex];
  }

  @Column({ name: 'clean_label', type: 'smallint', nullable: true })
  cleanLabelIndex!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The correct label, where it is known (drawn faces, injected noise).',
  })
  get cleanLabel(): string | null {
    return this.cleanLabelIndex === null ? null : this.dataset.classes[this.cleanLabelIndex];
  }

  @Field(() => String, {
    nullable: true,
    description: 'The label as the source wrote it, before it was mapped to a class.',
  })
  @Column({ name: 'raw_label', type: 'text', nullable: true })
  rawLabel!: string | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'Raters who chose each class: counts in the order of `Dataset.classes`.',
  })
  @Column({ type: 'smallint', array: true, nullable: true })
  votes!: number[] | null;

  /** Votes for none of the classes, e.g. `{ unknown: 1, NF: 0 }`. */
  @Column({ name: 'outside_votes', type: 'jsonb', nullable: true })
  outsideVotes!: Record<string, number> | null;

  @Field(() => DistributionScalar, {
    nullable: true,
    description: 'Votes divided by their sum; null without votes for any class.',
  })
  get voteDistribution(): number[] | null {
    const total = this.votes?.reduce((sum, count) => sum + count, 0) ?? 0;
    return total > 0 ? this.votes!.map((count) => count / total) : null;
  }

  @Field(() => DistributionScalar, {
    nullable: true,
    description: 'The distribution the image was made from (drawn faces) or published with.',
  })
  @Column({ name: 'true_distribution', type: 'real', array: true, nullable: true })
  trueDistribution!: number[] | null;

  @Field(() => String, { nullable: true, description: 'Who is shown, where known. Subjects never cross splits.' })
  @Column({ type: 'text', nullable: true })
  subject!: string | null;

  /** Relative to `dataset.imageRoot`, with forward slashes. */
  @Column({ name: 'image_path', type: 'text' })
  imagePath!: string;

  @Field(() => Int, { description: 'Pixels.' })
  @Column({ type: 'int' })
  width!: number;

  @Field(() => Int, { description: 'Pixels.' })
  @Column({ type: 'int' })
  height!: number;

  /** SHA-256 of the image file's bytes at import, hexadecimal; null for samples imported before hashes were kept. */
  @Column({ name: 'content_hash', type: 'text', nullable: true })
  contentHash!: string | null;

  /** Activation in [0, 1] by the unit's number. */
  @Column({ name: 'action_units', type: 'jsonb', nullable: true })
  actionUnitActivations!: Record<string, number> | null;

  /**
   * 128 bits of a SHA-256 over size and upright sRGB pixels: equal where the pictures are, however the files are
   * written. Only SQL reads it; null where imported before it was kept.
   */
  @Column({ name: 'pixel_hash', type: 'uuid', nullable: true, select: false })
  pixelHash?: string | null;
}
