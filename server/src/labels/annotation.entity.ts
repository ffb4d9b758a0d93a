import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
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
import { Sample } from '../datasets/sample.entity.js';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import { DistributionScalar } from '../graphql/scalars.js';
import { LabelSet } from './label-set.entity.js';

export enum AnnotationAction {
  RELABEL = 'RELABEL',
  CONFIRM = 'CONFIRM',
  SKIP = 'SKIP',
  UNSURE = 'UNSURE',
}
registerEnumType(AnnotationAction, {
  name: 'AnnotationAction',
  description: 'What a person decided on looking at a sample.',
  valuesConfig: {
    RELABEL: { description: 'Another label: a class, or a distribution.' },
    CONFIRM: { description: 'The label is right.' },
    SKIP: { description: 'Looked at and left for later; labels made from annotations do not change by it.' },
    UNSURE: {
      description:
        'Looked at, and it cannot be told: `annotated` is true, labels made from annotations do not change by it.',
    },
  },
});

/** A person's decision. Never deleted: undoing it is a state of its own. */
@ObjectType({
  implements: Node,
  description:
    "A person's decision on the label of a sample. The newest one that is neither undone nor SKIP nor UNSURE counts. Label sets change by it only when one is made (`makeLabelSet`).",
})
@Entity({ name: 'annotation' })
@Index('annotation_dataset', ['datasetRow', 'row'])
@Index('annotation_batch', ['datasetRow', 'batch'])
export class Annotation {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('annotation', this.row);
  }

  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @Index('annotation_sample')
  @Column({ name: 'sample_row', type: 'int' })
  sampleRow!: number;

  @ManyToOne(() => Sample, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'sample_row', foreignKeyConstraintName: 'annotation_sample_fk' })
  sample!: Relation<Sample>;

  /** The set that was looked at; null once it is deleted. */
  @Column({ name: 'label_set_row', type: 'int', nullable: true })
  labelSetRow!: number | null;

  @ManyToOne(() => LabelSet, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'label_set_row', foreignKeyConstraintName: 'annotation_label_set_fk' })
  labelSet!: Relation<LabelSet> | null;

  @Field(() => AnnotationAction, { description: 'What was decided.' })
  @Column({ type: 'enum', enum: AnnotationAction, enumName: 'annotation_action' })
  action!: AnnotationAction;

  /** Class index of the label in the set that was looked at; null where it had none. */
  @Column({ name: 'from_label', type: 'smallint', nullable: true })
  fromLabel!: number | null;

  /** Class index decided on; null for SKIP and UNSURE. */
  @Column({ name: 'to_label', type: 'smallint', nullable: true })
  toLabel!: number | null;

  @Field(() => DistributionScalar, {
    nullable: true,
    description: 'A soft label, `[C]`; `to` is its highest class. Null where a class was chosen.',
  })
  @Column({ type: 'real', array: true, nullable: true })
  distribution!: number[] | null;

  @Field(() => String, { nullable: true, description: 'Who decided, as they call themselves.' })
  @Column({ type: 'text', nullable: true })
  author!: string | null;

  @Field(() => String, { nullable: true, description: 'Why, in words.' })
  @Column({ type: 'text', nullable: true })
  note!: string | null;

  /** Row of `training_run` that suggested it: a later room knows runs. */
  @Column({ name: 'run_row', type: 'int', nullable: true })
  runRow!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Probability, in [0, 1], that the run gave its suggestion; null where no run suggested it.',
  })
  @Column({ type: 'real', nullable: true })
  score!: number | null;

  @Field(() => String, {
    description: 'Annotations made by one mutation share it; it is the idempotency key where one was given.',
  })
  @Column({ type: 'text' })
  batch!: string;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was undone; null where it was not.' })
  @Column({ name: 'undone_at', type: 'timestamptz', nullable: true })
  undoneAt!: Date | null;
}
