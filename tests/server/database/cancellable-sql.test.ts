import { EventEmitter } from 'node:events';
import type { DataSource } from 'typeorm';
import { expect, test } from 'vitest';
import { CancellableSql } from '../../../server/src/database/cancellable-sql.js';

/** A pool that lends one client, whose connection breaks at the statement of this number. */
function lending(breaksAt: number): {
  sql: CancellableSql;
  lend: () => Promise<[EventEmitter, (error?: Error) => void]>;
  returned: (Error | undefined)[];
} {
  const returned: (Error | undefined)[] = [];
  let statements = 0;
  const client = Object.assign(new EventEmitter(), {
    processID: 1,
    query: async () => {
      if (++statements < breaksAt) return;
      const error = new Error('Connection terminated unexpectedly');
      // An event that nobody listens to throws, and a socket's ends the program.
      client.emit('error', error);
      throw error;
    },
  });
  const driver = { obtainMasterConnection: async () => [client, (error?: Error) => returned.push(error)] };
  const sql = new CancellableSql({ driver } as unknown as DataSource, '', () => undefined);
  return { sql, lend: driver.obtainMasterConnection as never, returned };
}

test('a connection that breaks as it is lent goes back as broken, and whoever wanted it is told', async () => {
  const { sql, lend, returned } = lending(1);
  await sql.run(new AbortController().signal, async () => {
    sql.actFor('ann');
    await expect(lend()).rejects.toThrow('Connection terminated');
  });
  expect(returned).toEqual([expect.objectContaining({ message: 'Connection terminated unexpectedly' })]);
});

test('a connection that breaks as it is given back goes back as broken', async () => {
  const { sql, lend, returned } = lending(2);
  await sql.run(new AbortController().signal, async () => {
    sql.actFor('ann');
    const [client, giveBack] = await lend();
    expect(client.listenerCount('error')).toBe(1);
    giveBack();
    await new Promise((resolve) => setImmediate(resolve));
    expect(client.listenerCount('error')).toBe(0);
  });
  expect(returned).toEqual([expect.objectContaining({ message: 'Connection terminated unexpectedly' })]);
});
