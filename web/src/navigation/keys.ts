'use client';
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface KeyBinding {
  /** `KeyboardEvent.key`, letters in lower case; `mod+k` is Ctrl or Command with K. */
  key: string;
  /** What it does, for the list that `?` shows. */
  does: string;
  run: (event: KeyboardEvent) => void;
  /** Also while a text field has the focus. */
  always?: boolean;
}

export interface KeyGroup {
  title: string;
  keys: readonly { key: string; does: string }[];
}

let groups: readonly KeyGroup[] = [];
const listeners = new Set<() => void>();

function change(next: readonly KeyGroup[]): void {
  groups = next;
  for (const listener of listeners) listener();
}

/** Keys of the page while the component is there. Not in text fields, and not below an open dialog. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const current = useRef(bindings);
  current.current = bindings;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const name = keyOf(event);
      const binding = current.current.find(({ key }) => key === name);
      if (!binding || (!binding.always && (isTyping(event.target) || dialogOpen()))) return;
      event.preventDefault();
      binding.run(event);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  const words = bindings.map(({ key, does }) => `${key}\t${does}`).join('\n');
  useEffect(() => {
    const keys = words === '' ? [] : words.split('\n').map((line) => line.split('\t') as [string, string]);
    const group: KeyGroup = { title, keys: keys.map(([key, does]) => ({ key, does })) };
    change([...groups, group]);
    return () => change(groups.filter((one) => one !== group));
  }, [title, words]);
}

/** What keys there are now, for the list of keys. */
export function useKeyGroups(): readonly KeyGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => groups,
    () => groups,
  );
}

function keyOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `mod+${key}`;
  return event.altKey ? `alt+${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}
