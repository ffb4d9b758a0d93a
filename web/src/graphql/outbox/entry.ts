import type { AnnotationAction } from '../generated/graphql';

/** What a person decided on one face. */
export interface Decision {
  /** Default RELABEL. */
  action?: AnnotationAction;
  /** RELABEL: a class, or `distribution`, [C], summing to 1. */
  label?: string;
  distribution?: readonly number[];
}

interface Waiting {
  /** Place in the outbox: lower ones are stored first. */
  order: number;
  dataset: string;
  /** Milliseconds since 1970. */
  at: number;
  /** What the server said against it; such an entry waits for a person and holds nothing up. */
  refused?: string;
}

/** Decisions under one key: the server stores them once, however often it is told. */
interface DecisionEntry extends Waiting {
  kind: 'decide';
  key: string;
  changes: readonly (Decision & { sample: string })[];
  labelSet: string | null;
  author: string | null;
  note: string | null;
}

/** Takes back what was decided under the key `of`. */
interface UndoEntry extends Waiting {
  kind: 'undo';
  of: string;
}

export type OutboxEntry = DecisionEntry | UndoEntry;
export type NewEntry = Omit<DecisionEntry, 'order'> | Omit<UndoEntry, 'order'>;

/** 36 characters that nobody else chose. `randomUUID` is not there on plain HTTP of another machine. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
