import { Field, Float, Int, ObjectType } from 'type-graphql';
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
import { globalId } from '../../../graphql/global-id.js';
import { Node } from '../../../graphql/node.js';
import { publicPath } from '../../../graphql/public-path.js';
import { TrainingRun } from '../../training-run.entity.js';

/** A file below the data directory, byte for byte as it was sent. */
@ObjectType({
  implements: Node,
  description:
    'Weights that somebody attached to a run that was trained elsewhere: a file, kept as it came. `importWeights` makes a model of it where the network is one that is known here.',
})
@Entity({ name: 'recorded_weights' })
@Index('recorded_weights_content_unique', ['runRow', 'sha256'], { unique: true })
export class RecordedWeights {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('weights', this.row);
  }

  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'recorded_weights_run_fk' })
  run!: Relation<TrainingRun>;

  @Field(() => Int, { nullable: true, description: 'After which epoch, counted from 1; null where nobody said.' })
  @Column({ type: 'int', nullable: true })
  epoch!: number | null;

  @Field(() => String, { description: 'As it was sent: `best.pth`.' })
  @Column({ name: 'file_name', type: 'text' })
  fileName!: string;

  @Field(() => String, { description: 'SHA-256 of the file, hexadecimal.' })
  @Column({ type: 'text' })
  sha256!: string;

  @Field(() => Float, { description: 'Size of the file in bytes.' })
  @Column({ type: 'double precision' })
  bytes!: number;

  /** The data directory that it lies in, see `DataStore.id`. */
  @Column({ type: 'uuid' })
  store!: string;

  /** Relative to the data directory. */
  @Column({ type: 'text' })
  path!: string;

  @Field(() => Date, { description: 'When it was attached.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => String, { description: 'Where the file is had; relative to the server.' })
  get url(): string {
    return publicPath(`/weights/${this.id}`);
  }
}
