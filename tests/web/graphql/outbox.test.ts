import { describe, expect, test } from 'vitest';
import { newKey, type NewEntry, type OutboxEntry } from '../../../web/src/graphql/outbox/entry.js';
import { memoryOutboxStore } from '../../../web/src/graphql/outbox/outbox-store.js';
import { Outbox, type OutboxParts } from '../../../web/src/graphql/outbox/outbox.js';
import type { Delivery } from '../../../web/src/graphql/outbox/send-entry.js';

function decision(sample: string, key = `key of ${sample}`): NewEntry {
  const changes = [{ sample, label: 'fear' }];
  return { kind: 'decide', dataset: 'dataset_1', at: 0, key, changes, labelSet: null, author: null, note: null };
}

const nameOf = (entry: OutboxEntry): string => (entry.kind === 'undo' ? `undo ${entry.of}` : entry.changes[0]!.sample);

/** A server that answers as `answers` says, `STORED` after them, and remembers what it was told. */
function outboxWith(
  answers: Delivery['outcome'][],
  parts: Partial<OutboxParts> = {},
): { outbox: Outbox; told: string[] } {
  const told: string[] = [];
  const outbox = new Outbox({
    store: memoryOutboxStore(),
    send: async (entry) => {
      told.push(nameOf(entry));
      await new Promise((resolve) => setTimeout(resolve, 2));
      const outcome = answers.shift() ?? 'STORED';
      return outcome === 'STORED' ? { outcome } : { outcome, message: `the server is ${outcome}` };
    },
    alone: (work) => work(),
    wait: () => new Promise((resolve) => setTimeout(resolve, 5)),
    ...parts,
  });
  return { outbox, told };
}

describe('the outbox', () => {
  test('sends fast decisions in the order they were made, one at a time', async () => {
    let open = 0;
    let most = 0;
    const told: string[] = [];
    const { outbox } = outboxWith([], {
      send: async (entry) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 3));
        told.push(nameOf(entry));
        open--;
        return { outcome: 'STORED' };
      },
    });
    const samples = Array.from({ length: 30 }, (_, place) => `sample_${place}`);
    await Promise.all(samples.map((sample) => outbox.add(decision(sample))));
    await outbox.flush(5000);
    expect(told).toEqual(samples);
    expect(most).toBe(1);
    expect(outbox.now()).toMatchObject({ entries: [], trouble: null });
  });

  test('keeps what it could not send, says why, and sends it under the same key when the server is back', async () => {
    let away = true;
    const told: string[] = [];
    const { outbox } = outboxWith([], {
      send: async (entry) => {
        told.push(nameOf(entry));
        return away ? { outcome: 'AWAY', message: 'the server is away' } : { outcome: 'STORED' };
      },
    });
    await outbox.add(decision('sample_1'));
    await outbox.add(decision('sample_2'));
    await expect.poll(() => outbox.now().trouble).toBe('the server is away');
    expect(outbox.now().entries.map(nameOf)).toEqual(['sample_1', 'sample_2']);
    expect(new Set(told)).toEqual(new Set(['sample_1']));
    away = false;
    await outbox.flush(5000);
    expect(told.slice(-2)).toEqual(['sample_1', 'sample_2']);
    expect(outbox.now()).toMatchObject({ entries: [], trouble: null });
  });

  test('sends what an earlier page left before what is new', async () => {
    const left = { ...decision('sample_left'), order: 7 } as OutboxEntry;
    const { outbox, told } = outboxWith([], { store: memoryOutboxStore([left]) });
    await outbox.wake();
    await outbox.add(decision('sample_new'));
    await outbox.flush(5000);
    expect(told).toEqual(['sample_left', 'sample_new']);
  });

  test('an undo comes after what it takes back', async () => {
    const { outbox, told } = outboxWith([]);
    await Promise.all([
      outbox.add(decision('sample_1', 'k')),
      outbox.add({ kind: 'undo', dataset: 'dataset_1', at: 0, of: 'k' }),
    ]);
    await outbox.flush(5000);
    expect(told).toEqual(['sample_1', 'undo k']);
  });

  test('what the server refuses for good holds nothing up, stays to be seen, and is sent again on request', async () => {
    const { outbox, told } = outboxWith(['REFUSED']);
    await outbox.add(decision('sample_1'));
    await outbox.add(decision('sample_2'));
    await outbox.flush(5000);
    expect(outbox.now().entries).toMatchObject([{ refused: 'the server is REFUSED' }]);
    await outbox.settle(outbox.now().entries[0]!, 'again');
    await outbox.flush(5000);
    expect(outbox.now().entries).toEqual([]);
    expect(told).toEqual(['sample_1', 'sample_2', 'sample_1']);
  });

  test('two tabs over one store send every entry once, for one works while the other waits', async () => {
    const store = memoryOutboxStore();
    let last: Promise<unknown> = Promise.resolve();
    const alone = (work: () => Promise<void>): Promise<void> => {
      const mine = last.then(work);
      last = mine;
      return mine;
    };
    const told: string[] = [];
    const send = async (entry: OutboxEntry): Promise<Delivery> => {
      told.push(nameOf(entry));
      await new Promise((resolve) => setTimeout(resolve, 2));
      return { outcome: 'STORED' };
    };
    const [one, other] = [outboxWith([], { store, alone, send }).outbox, outboxWith([], { store, alone, send }).outbox];
    await Promise.all([one.add(decision('sample_1')), other.add(decision('sample_2')), one.add(decision('sample_3'))]);
    await Promise.all([one.flush(5000), other.flush(5000)]);
    expect(told.toSorted()).toEqual(['sample_1', 'sample_2', 'sample_3']);
  });

  test('keys are UUIDs in form, and differ', () => {
    const keys = Array.from({ length: 100 }, newKey);
    expect(keys.every((key) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(key))).toBe(true);
    expect(new Set(keys).size).toBe(100);
  });
});
