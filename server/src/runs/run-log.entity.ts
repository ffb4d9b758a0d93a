import { Field, ObjectType, registerEnumType } from 'type-graphql';
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
import { TrainingRun } from './training-run.entity.js';

export enum LogLevel {
  INFO = 'INFO',
  WARN = 'WARN',
  ERROR = 'ERROR',
}
registerEnumType(LogLevel, { name: 'LogLevel', description: 'WARN: worth a look. ERROR: it ended the run.' });

/** What a worker, or whoever looks after runs, had to say of a run. */
@ObjectType({ description: 'A line of the log of a run.' })
@Entity({ name: 'run_log' })
@Index('run_log_run', ['runRow', 'row'])
export class RunLogLine {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'run_log_run_fk' })
  run!: Relation<TrainingRun>;

  @Field(() => LogLevel, { description: 'How much it matters.' })
  @Column({ type: 'text' })
  level!: LogLevel;

  @Field(() => String, { description: 'For people; its words may change.' })
  @Column({ type: 'text' })
  text!: string;

  @Field(() => Date, { description: 'When it was said, by the clock of the database.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
