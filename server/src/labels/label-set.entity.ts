import { Field, Int, ObjectType } from 'type-graphql';
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
import { Dataset } from '../datasets/dataset.entity.js';
import { Split } from '../split.js';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import { LabelSetKind } from './label-set-kind.js';
import type { LabelSetOrigin } from './label-set-origin.js';

@ObjectType({ description: 'How the labels of a set are spread over the classes in one split.' })
export class LabelBalance {
  @Field(() => Split, { description: 'The split counted.' })
  split!: Split;

  @Field(() => Int, { description: 'Samples with a label.' })
  labelled!: number;

  @Field(() => Int, { description: 'Samples without one; training leaves them out.' })
  missing!: number;

  @Field(() => [Int], { description: 'Samples with each label, in the order of `Dataset.classes`.' })
  classCounts!: number[];
}

/** One version of a data set's labels. A trigger of the database refuses every change of it and of its labels. */
@ObjectType({
  implements: Node,
  description: 'A named version of the labels of a data set. It never changes; other labels are another set.',
})
@Entity({ name: 'label_set' })
@Index('label_set_dataset_name_unique', ['datasetRow', 'name'], { unique: true })
export class LabelSet {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('labelset', this.row);
  }

  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'label_set_dataset_fk' })
  dataset!: Relation<Dataset>;

  @Field(() => String, {
    description: 'Unique within the data set. `given`, `clean` and `votes` are those that came with it.',
  })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => LabelSetKind, { description: 'Where its labels come from.' })
  @Column({ type: 'enum', enum: LabelSetKind, enumName: 'label_set_kind' })
  kind!: LabelSetKind;

  @Index('label_set_parent')
  @Column({ name: 'parent_row', type: 'int', nullable: true })
  parentRow!: number | null;

  @ManyToOne(() => LabelSet, { nullable: true })
  @JoinColumn({ name: 'parent_row', foreignKeyConstraintName: 'label_set_parent_fk' })
  parent!: Relation<LabelSet> | null;

  @Field(() => String, { description: 'How it was made, in words.' })
  @Column({ type: 'text' })
  description!: string;

  @Field(() => Int, { description: 'Samples with a label.' })
  @Column({ type: 'int' })
  labelled!: number;

  @Field(() => Int, { description: 'Samples of the data set without a label in this set.' })
  @Column({ type: 'int' })
  missing!: number;

  @Field(() => Int, {
    description:
      'Samples that have a distribution over the classes beside their label; their label is its highest class.',
  })
  @Column({ type: 'int' })
  soft!: number;

  @Field(() => Int, { description: 'Samples whose label is not the given one; samples without a label do not count.' })
  @Column({ name: 'differs_from_given', type: 'int' })
  differsFromGiven!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Samples whose label is not the clean one, of those where both are known. Null where no clean label of the data set is known.',
  })
  @Column({ name: 'differs_from_clean', type: 'int', nullable: true })
  differsFromClean!: number | null;

  @Field(() => [LabelBalance], {
    description: 'Class balance of the splits that have samples, in the order TRAIN, VALIDATION, TEST.',
  })
  @Column({ type: 'jsonb' })
  balance!: LabelBalance[];

  @Column({ type: 'jsonb' })
  origin!: LabelSetOrigin;

  /** SHA-256 of its labels and distributions, hexadecimal: making the same set again gives this one. */
  @Column({ type: 'text' })
  fingerprint!: string;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
