import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { runsOnGpu } from './worker-kind.js';

export enum WorkerState {
  IDLE = 'IDLE',
  TRAINING = 'TRAINING',
  LOST = 'LOST',
  STOPPED = 'STOPPED',
}
registerEnumType(WorkerState, {
  name: 'WorkerState',
  valuesConfig: {
    IDLE: { description: 'Waits for a run.' },
    TRAINING: { description: 'Has a run.' },
    LOST: {
      description: 'Was not heard of for longer than a lease lasts: killed, or cut off. Its run goes to another.',
    },
    STOPPED: { description: 'Ended as it was told to.' },
  },
});

@ObjectType({ description: 'A backend that a worker did not use, and why.' })
export class PassedOverBackend {
  @Field(() => String, { description: 'Name of the backend, e.g. `webgpu`.' })
  backend!: string;

  @Field(() => String, { description: 'Why it did not run there.' })
  reason!: string;
}

/** A process that trains, one run at a time; it announces itself when it starts. */
@ObjectType({ implements: Node, description: 'A process that trains runs, one at a time.' })
@Entity({ name: 'worker' })
export class Worker {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('worker', this.row);
  }

  @Field(() => String, { description: 'Name of its machine.' })
  @Column({ type: 'text' })
  host!: string;

  @Field(() => Int, { description: 'Process id on its machine.' })
  @Column({ type: 'int' })
  pid!: number;

  @Field(() => String, { description: 'Where its tensors run, e.g. `native-cpu`.' })
  @Column({ type: 'text' })
  backend!: string;

  @Field(() => Boolean, { description: 'Whether that is a GPU.' })
  get gpu(): boolean {
    return runsOnGpu(this.backend);
  }

  @Field(() => String, { description: 'The processor or graphics adapter, and the libraries used.' })
  @Column({ type: 'text' })
  device!: string;

  @Field(() => Int, { description: 'Threads of its kernels.' })
  @Column({ type: 'int' })
  threads!: number;

  @Field(() => Float, { description: 'Memory of its machine (or the limit of its container), in bytes.' })
  @Column({ name: 'memory_bytes', type: 'double precision' })
  memoryBytes!: number;

  @Field(() => [PassedOverBackend], {
    description:
      'Backends tried before, in order, and why each did not run. Empty where the backend was asked for by name.',
  })
  @Column({ name: 'passed_over', type: 'jsonb' })
  passedOver!: PassedOverBackend[];

  @Field(() => String, {
    description: 'Version of the platform it runs: the package, and the commit where that is known.',
  })
  @Column({ name: 'code_version', type: 'text' })
  codeVersion!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'Training images per second in its newest epoch, of whatever size; null before its first.',
  })
  @Column({ name: 'images_per_second', type: 'double precision', nullable: true })
  imagesPerSecond!: number | null;

  @Field(() => Date, { description: 'When it started.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  startedAt!: Date;

  @Field(() => Date, { description: 'It says so every second or two, training or not.' })
  @Index('worker_last_seen')
  @Column({ name: 'last_seen', type: 'timestamptz', default: () => 'now()' })
  lastSeen!: Date;

  @Column({ name: 'stopped_at', type: 'timestamptz', nullable: true })
  stoppedAt!: Date | null;
}
