import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { TrainingRun } from '../../runs/training-run.entity.js';

export enum EmbeddingState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
}
registerEnumType(EmbeddingState, {
  name: 'EmbeddingState',
  description: 'How far the reduction of features is.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker that has no run to train.' },
    RUNNING: { description: 'A worker reduces.' },
    COMPLETED: { description: 'Places and neighbours are there.' },
    FAILED: { description: '`error` says why.' },
  },
});

@ObjectType({
  implements: Node,
  description:
    'The pooled features of a run after an epoch, reduced: to principal components, in which neighbours are found, and by UMAP to two numbers a sample, which are drawn.',
})
@Entity({ name: 'embedding' })
@Unique('embedding_run_epoch', ['runRow', 'epoch'])
export class Embedding {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'embedding_pk',
  })
  row!: number;

  get id(): string {
    return globalId('embedding', this.row);
  }

  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'embedding_run_fk' })
  run!: Relation<TrainingRun>;

  @Field(() => Int, { description: 'Counted from 1.' })
  @Column({ type: 'int' })
  epoch!: number;

  @Field(() => EmbeddingState, { description: 'How far it is.' })
  @Column({ type: 'text' })
  state!: EmbeddingState;

  @Field(() => Int, { description: 'The same seed and features give the same numbers, to the last bit.' })
  @Column({ type: 'int' })
  seed!: number;

  @Field(() => Int, { nullable: true, description: 'Numbers a sample had; null before it is COMPLETED.' })
  @Column({ name: 'feature_count', type: 'int', nullable: true })
  featureCount!: number | null;

  @Field(() => Int, { nullable: true, description: 'Principal components kept; null before it is COMPLETED.' })
  @Column({ type: 'int', nullable: true })
  components!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the variance that they keep, in [0, 1].' })
  @Column({ name: 'variance_kept', type: 'double precision', nullable: true })
  varianceKept!: number | null;

  @Field(() => Float, { nullable: true, description: 'How long the reduction took.' })
  @Column({ type: 'double precision', nullable: true })
  seconds!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it FAILED.' })
  @Column({ type: 'text', nullable: true })
  error!: string | null;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** When a worker last said that it reduces. */
  @Column({ name: 'taken_at', type: 'timestamptz', nullable: true })
  takenAt!: Date | null;
}
