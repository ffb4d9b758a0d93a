import { Field, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';

@ObjectType({ implements: Node, description: 'A view of the dashboard under a name: its address says all of it.' })
@Entity({ name: 'saved_view' })
@Unique('saved_view_name', ['name'])
export class SavedView {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'saved_view_pk',
  })
  row!: number;

  get id(): string {
    return globalId('view', this.row);
  }

  @Field(() => String, { description: 'Unique.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Path and query on this server, like `/runs?state=FAILED`.' })
  @Column({ type: 'text' })
  path!: string;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
