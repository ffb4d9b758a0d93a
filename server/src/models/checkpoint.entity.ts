import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
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
import { Model } from './model.entity.js';

export enum CheckpointKind {
  LAST = 'LAST',
  BEST = 'BEST',
  IMPORTED = 'IMPORTED',
}
registerEnumType(CheckpointKind, {
  name: 'CheckpointKind',
  description:
    'LAST: after the newest epoch. BEST: after the epoch with the highest validation accuracy. IMPORTED: read from a file.',
});

/** Weights of a model after an epoch, as a safetensors file below the data directory. */
@ObjectType({ implements: Node, description: 'Weights of a model after an epoch: a safetensors file.' })
@Entity({ name: 'checkpoint' })
@Index('checkpoint_model_kind_unique', ['modelRow', 'kind'], { unique: true })
export class Checkpoint {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('checkpoint', this.row);
  }

  @Column({ name: 'model_row', type: 'int' })
  modelRow!: number;

  @ManyToOne(() => Model, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'model_row', foreignKeyConstraintName: 'checkpoint_model_fk' })
  model!: Relation<Model>;

  @Field(() => CheckpointKind)
  @Column({ type: 'enum', enum: CheckpointKind, enumName: 'checkpoint_kind' })
  kind!: CheckpointKind;

  @Field(() => Int, { description: 'Counted from 1; of an imported file what it says, or 0.' })
  @Column({ type: 'int' })
  epoch!: number;

  /** The data directory that it lies in, see `DataStore.id`; null of versions that knew one only. */
  @Column({ type: 'uuid', nullable: true })
  store!: string | null;

  /** Relative to the data directory. */
  @Column({ type: 'text' })
  path!: string;

  @Field(() => String, { description: 'SHA-256 of the file, hexadecimal.' })
  @Column({ type: 'text' })
  sha256!: string;

  @Field(() => Float, { description: 'Size of the file in bytes.' })
  @Column({ type: 'double precision' })
  bytes!: number;

  @Field(() => Date)
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
