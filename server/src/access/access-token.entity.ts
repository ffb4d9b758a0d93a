import { Field, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { globalId } from '../graphql/global-id.js';
import { Role } from '../graphql/role.js';

/** TOKEN: made for a program or a person. SESSION: of somebody who signed in with an identity provider. */
export type AccessKind = 'TOKEN' | 'SESSION';

/** Lets whoever has its secret in. The secret itself is nowhere. */
@ObjectType({ description: 'Lets whoever has its secret in. The secret is shown once, when it is made.' })
@Entity({ name: 'access_token' })
export class AccessToken {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'access_token_pk',
  })
  row!: number;

  @Field(() => String, { description: 'Like `token_1`.', name: 'id' })
  get id(): string {
    return globalId('token', this.row);
  }

  @Field(() => String, { description: 'Whose it is: the audit log names it.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => Role, { description: 'What it may do.' })
  @Column({ type: 'enum', enum: Role, enumName: 'access_role' })
  role!: Role;

  @Column({ type: 'text' })
  kind!: AccessKind;

  /** SHA-256 of the secret, hexadecimal: of 256 random bits nobody finds it again. */
  @Index('access_token_hash', { unique: true })
  @Column({ type: 'text' })
  hash!: string;

  @Field(() => String, { description: 'Who made it.' })
  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Field(() => Date)
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null: it does not expire.' })
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'To the minute; null where it was never used.' })
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Since then it lets nobody in.' })
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
