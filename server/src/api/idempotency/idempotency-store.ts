import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { apart, letFinish } from '../../work-under-way.js';
import { ConflictError, InvalidInputError, PlatformError } from '../../errors.js';
import { defaultKeeping } from '../../storage/janitor/pile.js';
import { IdempotencyKey } from './idempotency-key.entity.js';

const longestKey = 200;
/** A server that runs a mutation says so three times in this time. */
const leaseMs = 15_000;

export interface IdempotentRequest {
  key: string;
  mutation: string;
  /** Without the key. */
  args: Readonly<Record<string, unknown>>;
  /** Doing it again after it was broken off does nothing twice: then a server that is gone is followed by another. */
  repeatable?: boolean;
}

/** Remembers what mutations answered with, by the key that the client chose. */
export class IdempotencyStore {
  /** @param kept milliseconds after which a key may be used anew. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly lease = leaseMs,
    private readonly kept: number = defaultKeeping.keys,
  ) {}

  /**
   * The first request under a key does its work, even if its client leaves meanwhile; every later one gets the id of
   * that result. Work that failed leaves no trace: the key may be tried again.
   * @returns the result of `work`, or the id of what it made earlier.
   * @throws InvalidInputError for a key that is no key; ConflictError where the key stands for another request or the
   * first is still under way; PlatformError IDEMPOTENCY_LOST where the server that ran the first is gone.
   * @param work is given what is the same for the same request under the same key, and for nothing else.
   */
  async once<T extends { id: string }>(
    { key, mutation, args, repeatable = false }: IdempotentRequest,
    work: (request: string) => Promise<T>,
  ): Promise<T | { earlier: string }> {
    if (key === '' || key.length > longestKey || key.includes('\u0000'))
      throw new InvalidInputError('idempotencyKey', `1 to ${longestKey} characters`, key);
    const request = createHash('sha256')
      .update(`${mutation}\n${canonical(args)}`)
      .digest('hex');
    const keys = this.dataSource.getRepository(IdempotencyKey);
    // A key that is held is renewed and answered as nobody's: the client may leave at any moment.
    if (!(await apart(() => this.hold(key, request, repeatable))))
      return { earlier: resultOf(await keys.findOneBy({ key }), key, request) };
    const renewal = setInterval(() => void apart(() => this.renew(key)).catch(() => undefined), this.lease / 3);
    try {
      const result = await this.workUnder(key, () => work(`${key}\n${request}`));
      await apart(() => keys.update({ key }, { resultId: result.id }));
      return result;
    } finally {
      clearInterval(renewal);
    }
  }

  private async workUnder<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await letFinish(work);
    } catch (error) {
      await apart(() => this.dataSource.getRepository(IdempotencyKey).delete({ key }));
      throw error;
    }
  }

  /** Whether the caller is the one to do the work. */
  private async hold(key: string, request: string, repeatable: boolean): Promise<boolean> {
    await this.dataSource.query(`DELETE FROM "idempotency_key" WHERE "created_at" < now() - $1::interval`, [
      `${this.kept} milliseconds`,
    ]);
    const held: unknown[] = await this.dataSource.query(
      `INSERT INTO "idempotency_key" AS "first" ("key", "request", "held_until") VALUES ($1, $2, now() + $3::interval)
       ON CONFLICT ("key") DO UPDATE SET "held_until" = EXCLUDED."held_until"
       WHERE $4 AND "first"."result_id" IS NULL AND "first"."held_until" < now() AND "first"."request" = EXCLUDED."request"
       RETURNING "key"`,
      [key, request, `${this.lease} ms`, repeatable],
    );
    return held.length > 0;
  }

  private renew(key: string): Promise<unknown> {
    return this.dataSource.query(`UPDATE "idempotency_key" SET "held_until" = now() + $2::interval WHERE "key" = $1`, [
      key,
      `${this.lease} ms`,
    ]);
  }
}

function resultOf(first: IdempotencyKey | null, key: string, request: string): string {
  if (!first)
    throw new ConflictError(`idempotencyKey: the request under "${key}" has just failed; send it again.`, {
      path: 'idempotencyKey',
    });
  if (first.request !== request)
    throw new ConflictError(
      `idempotencyKey: "${key}" was used for another request; expected a new key for a new request.`,
      { path: 'idempotencyKey' },
    );
  if (first.resultId === null) throw withoutResult(first);
  return first.resultId;
}

function withoutResult({ key, createdAt, heldUntil }: IdempotencyKey): PlatformError {
  const which = `idempotencyKey: the first request under "${key}", of ${createdAt.toISOString()},`;
  return heldUntil.getTime() > Date.now()
    ? new PlatformError('IDEMPOTENCY_PENDING', `${which} has no result yet. Ask again in a moment.`, {
        path: 'idempotencyKey',
      })
    : new PlatformError(
        'IDEMPOTENCY_LOST',
        `${which} was broken off with the platform. Look whether it took effect, then use another key.`,
        { path: 'idempotencyKey' },
      );
}

/** JSON with the names of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
