import { Field, ObjectType } from 'type-graphql';
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
import { Model } from './model.entity.js';
import { ModelStage, StageAction } from './stage.js';

/** Written once for every change of a stage; never changed. */
@ObjectType({
  description:
    'One change in the history of a family of models. The version that had to make way for it is `replaced`.',
})
@Entity({ name: 'stage_change' })
export class StageChange {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'stage_change_pk',
  })
  row!: number;

  @Index('stage_change_model')
  @Column({ name: 'model_row', type: 'int' })
  modelRow!: number;

  @Field(() => Model, { description: 'Whose stage changed.' })
  @ManyToOne(() => Model, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'model_row', foreignKeyConstraintName: 'stage_change_model_fk' })
  model!: Relation<Model>;

  @Field(() => StageAction, { description: 'Why.' })
  @Column({ type: 'enum', enum: StageAction, enumName: 'stage_action' })
  action!: StageAction;

  @Field(() => ModelStage, { description: 'Its stage before.' })
  @Column({ name: 'from_stage', type: 'enum', enum: ModelStage, enumName: 'model_stage' })
  fromStage!: ModelStage;

  @Field(() => ModelStage, { description: 'Its stage after.' })
  @Column({ name: 'to_stage', type: 'enum', enum: ModelStage, enumName: 'model_stage' })
  toStage!: ModelStage;

  @Column({ name: 'replaced_row', type: 'int', nullable: true })
  replacedRow!: number | null;

  @Field(() => Model, {
    nullable: true,
    description: 'The version that left production for it; null where there was none, or it was deleted.',
  })
  @ManyToOne(() => Model, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'replaced_row', foreignKeyConstraintName: 'stage_change_replaced_fk' })
  replaced!: Relation<Model> | null;

  @Field(() => String, { nullable: true, description: 'What the person gave as the reason.' })
  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  get id(): string {
    return globalId('stagechange', this.row);
  }
}
