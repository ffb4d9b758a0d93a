import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen, type Listener } from '../../../server/src/database/notifications.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

describe('listen', () => {
  let database: TestDatabase;
  let listener: Listener | null = null;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const notify = (channel: string, payload: string): Promise<unknown> =>
    database.dataSource.query('SELECT pg_notify($1, $2)', [channel, payload]);

  test('hears its channel and no other, in order, when the transaction commits', async () => {
    const heard: string[] = [];
    listener = await listen(database.url, 'Odd "name"', {
      onPayload: (payload) => heard.push(payload),
      log: () => undefined,
    });
    await database.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_notify($1, $2)', ['Odd "name"', '1']);
      await notify('another', 'no');
      expect(heard).toEqual([]);
    });
    await notify('Odd "name"', '2');
    await vi.waitFor(() => expect(heard).toEqual(['1', '2']), { timeout: 20_000 });
    await listener.close();
  });

  test('connects again when its connection is cut, and says that something may be missing', async () => {
    const heard: string[] = [];
    const onGap = vi.fn();
    listener = await listen(database.url, 'cut', {
      onPayload: (payload) => heard.push(payload),
      onGap,
      log: () => undefined,
    });
    await database.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ada-df-platform listen cut'`,
    );
    await vi.waitFor(() => expect(onGap).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    await notify('cut', 'after');
    await vi.waitFor(() => expect(heard).toEqual(['after']), { timeout: 20_000 });
    await listener.close();
  });

  test('survives a handler that throws', async () => {
    const heard: string[] = [];
    const log: string[] = [];
    const onPayload = (payload: string): void => {
      if (payload === 'bad') throw new Error('cannot read it');
      heard.push(payload);
    };
    listener = await listen(database.url, 'thrower', { onPayload, log: (line) => log.push(line) });
    await notify('thrower', 'bad');
    await notify('thrower', 'good');
    await vi.waitFor(() => expect(heard).toEqual(['good']), { timeout: 20_000 });
    expect(log).toEqual(['channel thrower: cannot read it']);
    await listener.close();
  });

  test('is silent once closed', async () => {
    const heard: string[] = [];
    listener = await listen(database.url, 'closed', {
      onPayload: (payload) => heard.push(payload),
      log: (line) => heard.push(line),
    });
    await listener.close();
    await notify('closed', 'late');
    const [{ connections }] = await database.dataSource.query(
      `SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name = 'ada-df-platform listen closed'`,
    );
    expect(connections).toBe(0);
    expect(heard).toEqual([]);
  });

  test('rejects where there is no server', async () => {
    await expect(
      listen('postgres://nobody:nothing@127.0.0.1:1/none', 'any', { onPayload: () => undefined, log: () => undefined }),
    ).rejects.toThrow('ECONNREFUSED');
  });
});
