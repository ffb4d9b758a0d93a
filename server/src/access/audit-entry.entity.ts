import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One thing that somebody did. Triggers of the database write it with the change itself, and let nobody edit it. */
@ObjectType({ description: 'One thing that somebody did. Nobody edits it.' })
@Entity({ name: 'audit_entry' })
export class AuditEntry {
  /** A bigint, as text. */
  @PrimaryColumn({
    type: 'bigint',
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'audit_entry_pk',
  })
  row!: string;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @Column({ type: 'timestamptz', default: () => 'clock_timestamp()' })
  at!: Date;

  @Field(() => String, {
    description:
      'Name of a token or person; `anybody` at an open platform, `platform` for what it did by itself, `command line (USER)`.',
  })
  @Index('audit_entry_actor')
  @Column({ type: 'text' })
  actor!: string;

  @Field(() => String, { description: 'Like `annotation made`, `model deleted`, `token revoked`.' })
  @Column({ type: 'text' })
  action!: string;

  @Field(() => String, { description: 'Global id of what it was done to.' })
  @Index('audit_entry_subject')
  @Column({ type: 'text' })
  subject!: string;

  @Column({ type: 'jsonb' })
  details!: Record<string, unknown>;

  @Field(() => String, { name: 'details', description: 'The row as it was made, changed or deleted: JSON.' })
  get detailsAsText(): string {
    return JSON.stringify(this.details);
  }
}
