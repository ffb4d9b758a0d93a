import { Arg, Ctx, Field, Float, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { Connection, type Page } from '../graphql/pagination.js';
import { Requires, Role } from '../graphql/role.js';
import { AccessToken } from './access-token.entity.js';
import type { AccessService } from './access.service.js';
import { AuditEntry } from './audit-entry.entity.js';
import type { AuditService } from './audit.service.js';
import { principalOf } from './principal.js';
import type { IncomingMessage } from 'node:http';

const AuditEntryConnection = Connection(AuditEntry);

@ObjectType({ description: 'Whoever asks.' })
class Viewer {
  @Field(() => String, { description: 'What the audit log calls them; `anybody` at an open platform.' })
  name!: string;

  @Field(() => Role, { description: 'What they may do.' })
  role!: Role;

  @Field(() => Boolean, { description: 'Whether they came with a token or signed in; false at an open platform.' })
  known!: boolean;
}

@ObjectType({ description: 'A new token, with its secret: this is the only time that it is told.' })
class CreatedAccessToken {
  @Field(() => AccessToken, { description: 'As it is kept: without the secret.' })
  token!: AccessToken;

  @Field(() => String, { description: 'Send it as `Authorization: Bearer …`, or enter it on the page that signs in.' })
  secret!: string;
}

interface Asked {
  request?: IncomingMessage;
}

@Resolver()
export class AccessResolver {
  constructor(
    private readonly access: AccessService,
    private readonly audit: AuditService,
  ) {}

  @Query(() => Viewer, { description: 'Who asks, and what they may do.' })
  viewer(@Ctx() { request }: Asked): Viewer {
    const { name, role, tokenRow } = principalOf(request);
    return { name, role, known: tokenRow !== null };
  }

  @Requires(Role.ADMIN)
  @Query(() => [AccessToken], { description: 'Tokens and sign-ins, newest first, revoked and expired ones too.' })
  accessTokens(): Promise<AccessToken[]> {
    return this.access.list();
  }

  @Requires(Role.ADMIN)
  @Mutation(() => CreatedAccessToken, { description: 'Makes a token. The first one is made by `adadf token create`.' })
  createAccessToken(
    @Arg('name', () => String, { description: 'Whose it is: the audit log names it.' }) name: string,
    @Arg('role', () => Role) role: Role,
    @Arg('days', () => Float, { nullable: true, description: 'Until it expires. Default: it does not.' })
    days: number | null,
    @Ctx() { request }: Asked,
  ): Promise<CreatedAccessToken> {
    return this.access.create({ name, role, days, createdBy: principalOf(request).name });
  }

  @Requires(Role.ADMIN)
  @Mutation(() => AccessToken, { description: 'At once and for good; connections that it opened are ended.' })
  revokeAccessToken(@Arg('token', () => ID, { description: 'Like `token_1`.' }) token: string): Promise<AccessToken> {
    return this.access.revoke(token);
  }

  @Requires(Role.ADMIN)
  @Query(() => AuditEntryConnection, {
    description:
      'Who did what and when to annotations, label sets, stages of models, tokens, and what was deleted; newest first. `GET /audit.csv` gives all of it.',
  })
  auditEntries(
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('actor', () => String, { nullable: true, description: 'Only what they did.' }) actor: string | null,
    @Arg('subject', () => ID, { nullable: true, description: 'Only what was done to it.' }) subject: string | null,
  ): Promise<Page<AuditEntry>> {
    return this.audit.page({ actor, subject }, { first, after });
  }
}
