import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { ConflictError, InvalidInputError, PlatformError } from '../../errors.js';
import { IdempotencyKey } from './idempotency-key.entity.js';

const longestKey = 200;
/** After this a key may be used anew. */
const keptHours = 24;

export interface IdempotentRequest {
  key: string;
  mutation: string;
  /** Without the key. */
  args: Readonly<Record<string, unknown>>;
}

/** Remembers what mutations answered with, by the key that the client chose. */
export class IdempotencyStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The first request under a key does its work; every later one gets the id of that result. Work that failed leaves no
   * trace: the key may be tried again.
   * @returns the result of `work`, or the id of what it made earlier.
   * @throws InvalidInputError for a key that is no key; ConflictError where the key stands for another request or the
   * first is still under way.
   */
  async once<T extends { id: string }>(
    { key, mutation, args }: IdempotentRequest,
    work: () => Promise<T>,
  ): Promise<T | { earlier: string }> {
    if (key === '' || key.length > longestKey || key.includes('\u0000'))
      throw new InvalidInputError('idempotencyKey', `1 to ${longestKey} characters`, key);
    const request = createHash('sha256')
      .update(`${mutation}\n${canonical(args)}`)
      .digest('hex');
    const keys = this.dataSource.getRepository(IdempotencyKey);
    await this.dataSource.query(`DELETE FROM "idempotency_key" WHERE "created_at" < now() - $1::interval`, [
      `${keptHours} hours`,
    ]);
    const taken: unknown[] = await this.dataSource.query(
      `INSERT INTO "idempotency_key" ("key", "request") VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING "key"`,
      [key, request],
    );
    if (taken.length === 0) return { earlier: resultOf(await keys.findOneBy({ key }), key, request) };
    try {
      const result = await work();
      await keys.update({ key }, { resultId: result.id });
      return result;
    } catch (error) {
      await keys.delete({ key });
      throw error;
    }
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
  if (first.resultId === null) {
    throw new PlatformError(
      'IDEMPOTENCY_PENDING',
      `idempotencyKey: the first request under "${key}", of ${first.createdAt.toISOString()}, has no result yet. Ask again later; if the platform was stopped meanwhile, look whether it took effect before using another key.`,
      { path: 'idempotencyKey' },
    );
  }
  return first.resultId;
}

/** JSON with the names of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
