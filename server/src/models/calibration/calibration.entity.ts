import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { Model } from '../model.entity.js';

export enum ScalingMethod {
  TEMPERATURE = 'TEMPERATURE',
  VECTOR = 'VECTOR',
}
registerEnumType(ScalingMethod, {
  name: 'ScalingMethod',
  description: 'How probabilities are changed after the training (Guo et al., arXiv 1706.04599).',
  valuesConfig: {
    TEMPERATURE: { description: 'log p of every class is multiplied with one number: the prediction stays.' },
    VECTOR: {
      description:
        'log p of each class is multiplied with a number of its own and moved by one: predictions may change.',
    },
  },
});

export enum ScalingTarget {
  LABELS = 'LABELS',
  VOTES = 'VOTES',
}
registerEnumType(ScalingTarget, {
  name: 'ScalingTarget',
  description: 'What the probabilities are fitted to.',
  valuesConfig: {
    LABELS: { description: 'The labels that the run was given.' },
    VOTES: { description: 'Votes divided by their sum.' },
  },
});

@ObjectType('Calibration', {
  implements: Node,
  description:
    'How the target distributions of a checkpoint are made as sure as they are right; `predict` uses it when asked.',
})
@Entity({ name: 'calibration' })
@Unique('calibration_unique', ['modelRow', 'sha256', 'method', 'target'])
export class Calibration {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'calibration_pkey',
  })
  row!: number;

  get id(): string {
    return globalId('calibration', this.row);
  }

  @Column({ name: 'model_row', type: 'int' })
  modelRow!: number;

  @ManyToOne(() => Model, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'model_row', foreignKeyConstraintName: 'calibration_model' })
  model?: Relation<Model>;

  /** Of the checkpoint's file: other weights need another calibration. */
  @Column({ type: 'text' })
  sha256!: string;

  @Field(() => Int, { description: 'Of the checkpoint, counted from 1.' })
  @Column({ type: 'int' })
  epoch!: number;

  @Field(() => ScalingMethod, { description: 'How.' })
  @Column({ type: 'enum', enum: ScalingMethod, enumName: 'scaling_method' })
  method!: ScalingMethod;

  @Field(() => ScalingTarget, { description: 'Fitted to.' })
  @Column({ type: 'enum', enum: ScalingTarget, enumName: 'scaling_target' })
  target!: ScalingTarget;

  @Field(() => Int, { description: 'Samples of the validation split that it was fitted on.' })
  @Column({ type: 'int' })
  samples!: number;

  @Field(() => [Float], { description: 'What log p of each class is multiplied with, `[C]`; 1 / T for a temperature.' })
  @Column({ type: 'double precision', array: true })
  factors!: number[];

  @Field(() => [Float], { description: 'What is added to it, `[C]`; zeros for a temperature.' })
  @Column({ type: 'double precision', array: true })
  offsets!: number[];

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
