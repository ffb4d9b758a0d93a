import type { NewEntry, OutboxEntry } from './entry';

/** Where decisions wait until the server has them. */
export interface OutboxStore {
  /** Whether what it holds survives the page. */
  lasting: boolean;
  /** Resolves once the entry is safe. */
  add(entry: NewEntry): Promise<OutboxEntry>;
  /** In order. */
  all(): Promise<OutboxEntry[]>;
  remove(order: number): Promise<void>;
  put(entry: OutboxEntry): Promise<void>;
}

const databaseName = 'ada-df';
const storeName = 'outbox';

/** In the browser's database, shared by all tabs of this server. @throws where the browser keeps nothing. */
export async function openOutboxStore(): Promise<OutboxStore> {
  const opening = indexedDB.open(databaseName, 1);
  opening.onupgradeneeded = () =>
    opening.result.createObjectStore(storeName, { keyPath: 'order', autoIncrement: true });
  const database = await result(opening);
  const within = <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    // Strict: a decision is on the disk before it counts as kept.
    const transaction = database.transaction(storeName, mode, { durability: 'strict' });
    const request = work(transaction.objectStore(storeName));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? new Error('The browser could not keep the decision.'));
      transaction.onabort = transaction.onerror;
    });
  };
  return {
    lasting: true,
    add: async (entry) => ({ ...entry, order: Number(await within('readwrite', (store) => store.add(entry))) }),
    all: () => within('readonly', (store) => store.getAll()) as Promise<OutboxEntry[]>,
    remove: async (order) => void (await within('readwrite', (store) => store.delete(order))),
    put: async (entry) => void (await within('readwrite', (store) => store.put(entry))),
  };
}

/** Lives as long as the page: where the browser has no database to give. */
export function memoryOutboxStore(entries: OutboxEntry[] = []): OutboxStore {
  let held = [...entries];
  let next = Math.max(0, ...held.map(({ order }) => order)) + 1;
  return {
    lasting: false,
    add: async (entry) => {
      const added = { ...entry, order: next++ } as OutboxEntry;
      held.push(added);
      return added;
    },
    all: async () => [...held].sort((a, b) => a.order - b.order),
    remove: async (order) => void (held = held.filter((entry) => entry.order !== order)),
    put: async (entry) => void (held = held.map((one) => (one.order === entry.order ? entry : one))),
  };
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser refused its database.'));
  });
}
