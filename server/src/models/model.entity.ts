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
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import { ModelFamilyRow } from './model-family.entity.js';
import { ModelKind, ModelOrigin, ModelSource } from './model-source.js';
import { ModelStage } from './stage.js';

/** An architecture whose weights a training run or a file fills; its checkpoints hold them. */
@ObjectType({
  implements: Node,
  description: 'A version of a network: architecture, checkpoints of its weights, and where they come from.',
})
@Entity({ name: 'model' })
@Index('model_family_version_unique', ['family', 'version'], { unique: true })
@Index('model_family_production_unique', ['family'], { unique: true, where: `"stage" = 'PRODUCTION'` })
export class Model {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('model', this.row);
  }

  @Field(() => String, { description: 'For people; need not be unique.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => ModelKind, { description: 'Whether it predicts, or is a start for trainings.' })
  @Column({ type: 'enum', enum: ModelKind, enumName: 'model_kind', default: ModelKind.ADA_DF })
  kind!: ModelKind;

  @Field(() => ModelOrigin, { description: 'Whether this platform trained it.' })
  @Column({ type: 'enum', enum: ModelOrigin, enumName: 'model_origin', default: ModelOrigin.TRAINED })
  origin!: ModelOrigin;

  @Field(() => String, {
    description: "Models of one family take each other's place, e.g. all that were trained on one data set.",
  })
  @Column({ type: 'text' })
  family!: string;

  @ManyToOne(() => ModelFamilyRow)
  @JoinColumn({ name: 'family', foreignKeyConstraintName: 'model_family_fk' })
  familyRow!: Relation<ModelFamilyRow>;

  @Field(() => Int, { description: 'Its number in the family, from 1; never used twice.' })
  @Column({ type: 'int' })
  version!: number;

  @Field(() => ModelStage, { description: 'At most one version of a family is in PRODUCTION.' })
  @Column({ type: 'enum', enum: ModelStage, enumName: 'model_stage', default: ModelStage.CANDIDATE })
  stage!: ModelStage;

  @Column({ name: 'parent_row', type: 'int', nullable: true })
  parentRow!: number | null;

  @ManyToOne(() => Model, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'parent_row', foreignKeyConstraintName: 'model_parent_fk' })
  parentModel!: Relation<Model> | null;

  @Field(() => ModelSource, {
    nullable: true,
    description: 'The file it was imported from; null where it was trained here.',
  })
  @Column({ type: 'jsonb', nullable: true })
  source!: ModelSource | null;

  @Field(() => String, { description: '`resnet18` or `resnet50`.' })
  @Column({ type: 'text' })
  backbone!: string;

  @Field(() => Int, { description: 'Channels of the stem; 64 in the paper.' })
  @Column({ type: 'int' })
  width!: number;

  @Field(() => [String], { description: 'Class names in the order of its logits, `[C]`; empty for a BACKBONE.' })
  @Column({ type: 'text', array: true })
  classes!: string[];

  @Field(() => Int, {
    description: 'Side of the square input in pixels that it was trained with, or that was named at its import.',
  })
  @Column({ name: 'image_size', type: 'int' })
  imageSize!: number;

  @Field(() => Int, { description: 'Parameters, frozen ones included, running statistics not.' })
  @Column({ name: 'parameter_count', type: 'int' })
  parameterCount!: number;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
