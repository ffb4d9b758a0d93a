import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import type { ExperimentPlan } from './experiment-plan.js';

export enum ExperimentState {
  ACTIVE = 'ACTIVE',
  PAUSED = 'PAUSED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(ExperimentState, {
  name: 'ExperimentState',
  valuesConfig: {
    ACTIVE: { description: 'Its runs wait, train or have ended.' },
    PAUSED: { description: 'Runs that waited are taken out of the queue; those that train go on.' },
    CANCELLED: { description: 'Ended by a person; what was recorded stays.' },
  },
});

/** A set of runs that answer one question; which run is which place of it, `experiment_run` says. */
@ObjectType({ implements: Node, description: 'A set of runs that answer one question.' })
@Entity({ name: 'experiment' })
@Unique('experiment_name', ['name'])
export class Experiment {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'experiment_pk',
  })
  row!: number;

  get id(): string {
    return globalId('experiment', this.row);
  }

  @Field(() => String, { description: 'Unique.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => ExperimentState, { description: 'Whether its runs are in the queue.' })
  @Column({ type: 'text', default: ExperimentState.ACTIVE })
  state!: ExperimentState;

  /** With the seeds added since. */
  @Column({ type: 'jsonb' })
  plan!: ExperimentPlan;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
