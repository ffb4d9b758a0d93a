'use client';
import { useEffect, useSyncExternalStore } from 'react';
import { Outbox, type OutboxState } from './outbox';
import { memoryOutboxStore, openOutboxStore, type OutboxStore } from './outbox-store';
import { sendEntry } from './send-entry';

const lockName = 'ada-df-outbox';
/** Told when the browser thinks that it is worth while to try again. */
const tryAgainEvents = ['online', 'focus'] as const;

let opened: Promise<Outbox> | null = null;
let current: Outbox | null = null;
const waiting = new Set<() => void>();

/** The outbox of this browser. Opened once, and whatever it holds is sent. */
export function openOutbox(): Promise<Outbox> {
  return (opened ??= open());
}

async function open(): Promise<Outbox> {
  const store = await openOutboxStore().catch((): OutboxStore => memoryOutboxStore());
  current = new Outbox({ store, send: sendEntry, alone, wait });
  for (const listener of waiting) listener();
  void current.wake();
  return current;
}

/** Locks are there on safe addresses only; without them two tabs may send the same entry, which its key makes harmless. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work();
  await navigator.locks.request(lockName, work);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      for (const name of tryAgainEvents) window.removeEventListener(name, done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    for (const name of tryAgainEvents) window.addEventListener(name, done);
  });
}

const closed: OutboxState = { entries: [], trouble: null, lasting: true };

function listen(listener: () => void): () => void {
  waiting.add(listener);
  let stop = current?.listen(listener);
  const late = openOutbox().then((outbox) => {
    stop ??= outbox.listen(listener);
    listener();
  });
  return () => {
    waiting.delete(listener);
    void late.then(() => stop?.());
  };
}

/** What waits to be stored. */
export function useOutbox(): OutboxState {
  useEffect(() => void openOutbox(), []);
  return useSyncExternalStore(
    listen,
    () => current?.now() ?? closed,
    () => closed,
  );
}
