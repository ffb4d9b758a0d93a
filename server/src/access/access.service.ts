import { createHash, randomBytes } from 'node:crypto';
import { type DataSource, IsNull, MoreThan, Or } from 'typeorm';
import { ConflictError, InvalidInputError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import type { Role } from '../graphql/role.js';
import { type AccessKind, AccessToken } from './access-token.entity.js';
import type { Principal } from './principal.js';

/** The PostgreSQL channel on which every server hears that a token was revoked; the payload is its row. */
export const accessChannel = 'access';

/** So that secret scanners and people know what they see. */
const secretPrefix = 'adadf_';
const secretPattern = /^adadf_[\w-]{43}$/;

/** The last use is written down at most this often. */
const useMilliseconds = 60_000;
const dayMilliseconds = 24 * 3600 * 1000;
const longestName = 100;
const longestDays = 3650;

export interface NewToken {
  name: string;
  role: Role;
  /** Default: it does not expire. */
  days?: number | null;
  kind?: AccessKind;
  createdBy: string;
}

/** Makes tokens, knows them again, takes them back. */
export class AccessService {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns the token with its secret, which is kept nowhere. @throws InvalidInputError that names the argument. */
  async create({
    name,
    role,
    days,
    kind = 'TOKEN',
    createdBy,
  }: NewToken): Promise<{ token: AccessToken; secret: string }> {
    const called = name.trim();
    if (called.length < 1 || called.length > longestName) {
      throw new InvalidInputError('name', `1 to ${longestName} characters`, name);
    }
    if (days !== undefined && days !== null && !(days > 0 && days <= longestDays)) {
      throw new InvalidInputError('days', `more than 0, at most ${longestDays}`, days);
    }
    const secret = secretPrefix + randomBytes(32).toString('base64url');
    const expiresAt = days ? new Date(Date.now() + days * dayMilliseconds) : null;
    const tokens = this.dataSource.getRepository(AccessToken);
    const token = await tokens.save(
      tokens.create({
        name: called,
        role,
        kind,
        hash: hashOf(secret),
        createdBy,
        expiresAt,
        lastUsedAt: null,
        revokedAt: null,
      }),
    );
    return { token, secret };
  }

  /** Newest first. */
  list(): Promise<AccessToken[]> {
    return this.dataSource.getRepository(AccessToken).find({ order: { row: 'DESC' }, take: 1000 });
  }

  /** At once and for good: connections that it opened are ended. @throws NotFoundError; ConflictError where it is revoked already. */
  async revoke(id: string): Promise<AccessToken> {
    const row = rowOf('token', id);
    const { affected } = await this.dataSource
      .getRepository(AccessToken)
      .update({ row, revokedAt: IsNull() }, { revokedAt: new Date() });
    const token = requireFound(await this.byRow(row), 'Token', id);
    if (!affected) throw new ConflictError(`${id} was revoked already.`, { revokedAt: token.revokedAt });
    await this.dataSource.query('SELECT pg_notify($1, $2)', [accessChannel, String(row)]);
    return token;
  }

  /** Whether anybody could get in with a token. */
  anyValid(): Promise<boolean> {
    const notExpired = Or(IsNull(), MoreThan(new Date()));
    return this.dataSource.getRepository(AccessToken).existsBy({ revokedAt: IsNull(), expiresAt: notExpired });
  }

  /** Whose secret it is; null where it is nobody's, expired or revoked. */
  async bySecret(secret: string): Promise<AccessToken | null> {
    if (!secretPattern.test(secret)) return null;
    return this.valid(await this.dataSource.getRepository(AccessToken).findOneBy({ hash: hashOf(secret) }));
  }

  /** The token of that row, as `bySecret`. */
  async validByRow(row: number): Promise<AccessToken | null> {
    return this.valid(await this.byRow(row));
  }

  private byRow(row: number): Promise<AccessToken | null> {
    return this.dataSource.getRepository(AccessToken).findOneBy({ row });
  }

  private async valid(token: AccessToken | null): Promise<AccessToken | null> {
    const now = Date.now();
    if (!token || token.revokedAt || (token.expiresAt && token.expiresAt.getTime() <= now)) return null;
    if (!token.lastUsedAt || now - token.lastUsedAt.getTime() > useMilliseconds) {
      await this.dataSource.getRepository(AccessToken).update({ row: token.row }, { lastUsedAt: new Date() });
    }
    return token;
  }
}

export function principalFrom({ name, role, row }: AccessToken): Principal {
  return { name, role, tokenRow: row };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
