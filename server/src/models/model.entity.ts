import { Field, Int, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';

/** An architecture whose weights a training run fills; its checkpoints hold them. */
@ObjectType({ implements: Node, description: 'An Ada-DF network: architecture, and checkpoints of its weights.' })
@Entity({ name: 'model' })
export class Model {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('model', this.row);
  }

  @Field(() => String)
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: '`resnet18` or `resnet50`.' })
  @Column({ type: 'text' })
  backbone!: string;

  @Field(() => Int, { description: 'Channels of the stem; 64 in the paper.' })
  @Column({ type: 'int' })
  width!: number;

  @Field(() => [String], { description: 'Class names in the order of its logits, `[C]`.' })
  @Column({ type: 'text', array: true })
  classes!: string[];

  @Field(() => Int, { description: 'Side of the square input in pixels.' })
  @Column({ name: 'image_size', type: 'int' })
  imageSize!: number;

  @Field(() => Int, { description: 'Parameters, frozen ones included, running statistics not.' })
  @Column({ name: 'parameter_count', type: 'int' })
  parameterCount!: number;

  @Field(() => Date)
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
