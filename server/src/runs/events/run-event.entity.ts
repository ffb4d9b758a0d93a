import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { RaisedFinding } from './raised-finding.js';
import { RunState, TrainingProgress, TrainingRun } from '../training-run.entity.js';

export enum RunEventKind {
  STATE = 'STATE',
  PROGRESS = 'PROGRESS',
  EPOCH = 'EPOCH',
  CANCEL = 'CANCEL',
  FINDING = 'FINDING',
}
registerEnumType(RunEventKind, {
  name: 'RunEventKind',
  description: 'What happened to a run.',
  valuesConfig: {
    STATE: { description: 'It was queued, taken, given back or ended.' },
    PROGRESS: { description: 'Its worker did more steps; at most twice a second.' },
    EPOCH: { description: 'An epoch was recorded.' },
    CANCEL: { description: 'Somebody asked to cancel it.' },
    FINDING: { description: 'After the newest epoch it shows a sign that training goes wrong, and did not before.' },
  },
});

/** Written by `announce` alone; whoever reads events first gives the new ones their places, in the order of the commits. */
@ObjectType({
  description:
    'Something that happened to a run. Events are kept, so that a subscriber who comes back misses nothing; PROGRESS for a day.',
})
@Entity({ name: 'run_event' })
@Index('run_event_run', ['runRow', 'place'])
@Index('run_event_unplaced', ['id'], { where: '"place" IS NULL' })
export class RunEvent {
  /** bigint, as PostgreSQL's text. */
  @PrimaryColumn({
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'run_event_pk',
  })
  id!: string;

  @Field(() => String, {
    description: 'Its place in the order of all events; pass it as `after` to hear what came later.',
  })
  get cursor(): string {
    return this.place!;
  }

  /** Its place in the order of all events, as PostgreSQL's text; null until somebody reads events. */
  @Index('run_event_place', { unique: true })
  @Column({ type: 'bigint', nullable: true })
  place!: string | null;

  @Column({ name: 'run_row', type: 'int' })
  runRow!: number;

  @ManyToOne(() => TrainingRun, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'run_row', foreignKeyConstraintName: 'run_event_run_fk' })
  runOfEvent?: Relation<TrainingRun>;

  @Field(() => RunEventKind, { description: 'What happened.' })
  @Column({ type: 'enum', enum: RunEventKind, enumName: 'run_event_kind' })
  kind!: RunEventKind;

  @Field(() => RunState, { description: 'Of the run, then.' })
  @Column({ type: 'enum', enum: RunState, enumName: 'run_state' })
  state!: RunState;

  /** The newest recorded epoch, counted from 1. */
  @Column({ type: 'int', nullable: true })
  epoch!: number | null;

  @Field(() => TrainingProgress, { nullable: true, description: 'Of the run, then; null unless a worker had it.' })
  @Column({ type: 'jsonb', nullable: true })
  progress!: TrainingProgress | null;

  @Field(() => RaisedFinding, { nullable: true, description: 'Of a FINDING: what was found; else null.' })
  @Column({ type: 'jsonb', nullable: true })
  finding!: RaisedFinding | null;

  @Field(() => Date, { description: 'When.' })
  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;
}
