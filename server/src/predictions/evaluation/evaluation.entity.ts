import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { Checkpoint } from '../../models/checkpoint.entity.js';
import { TrainingRun } from '../../runs/training-run.entity.js';

/**
 * A checkpoint over the splits of a data set. What it says of every sample is recorded as the only epoch of `run`, so
 * that the analysis room reads it like any other.
 */
@ObjectType({
  implements: Node,
  description:
    'What a checkpoint says of every sample of a data set. `record` is read like a run of one epoch: metrics, confusion matrices, samples.',
})
@Entity({ name: 'evaluation' })
export class Evaluation {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'evaluation_pk',
  })
  row!: number;

  get id(): string {
    return globalId('evaluation', this.row);
  }

  @Index('evaluation_run_unique', { unique: true })
  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;

  @Field(() => TrainingRun, {
    name: 'record',
    description: 'State, progress, error, and after its end metrics and analyses.',
  })
  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'evaluation_run_fk' })
  run!: Relation<TrainingRun>;

  @Column({ name: 'checkpoint_row', type: 'int', nullable: true })
  checkpointRow!: number | null;

  @Field(() => Checkpoint, { nullable: true, description: 'Null where it was deleted or replaced since.' })
  @ManyToOne(() => Checkpoint, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'checkpoint_row', foreignKeyConstraintName: 'evaluation_checkpoint_fk' })
  checkpoint!: Relation<Checkpoint> | null;

  @Field(() => String, { description: 'SHA-256 of the weights that were evaluated, hexadecimal.' })
  @Column({ name: 'checkpoint_sha256', type: 'text' })
  checkpointSha256!: string;

  @Field(() => [Split], { description: 'Which splits were asked for; those without samples are left out.' })
  @Column({ type: 'enum', enum: Split, enumName: 'split', array: true })
  splits!: Split[];
}
