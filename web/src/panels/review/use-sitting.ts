'use client';
import { useCallback, useEffect, useState } from 'react';
import type { Decision, NewEntry } from '../../graphql/outbox/entry';
import { newKey } from '../../graphql/outbox/entry';
import { openOutbox } from '../../graphql/outbox/use-outbox';
import type { QueueFace } from './queue';
import { decidedOf, type Choice, type Decided } from './session';
import { errorWords } from '../../theme/error-words';

export interface SittingActions {
  /** Oldest first; undone ones are gone. */
  decisions: readonly Decided[];
  /** Why a decision could not be kept in this browser. */
  problem: string | null;
  decide: (faces: readonly QueueFace[], choose: (face: QueueFace) => Choice) => void;
  /** Takes the newest decision back. @returns the face it was about. */
  undo: () => string | null;
}

export interface SittingParts {
  /** Under which decisions survive a reload of the tab. */
  name: string;
  dataset: string;
  labelSet: string;
  author: string;
}

/** What every way of showing the faces of a sitting is given. */
export interface FacesProps {
  classes: readonly string[];
  colours: readonly string[];
  blind: boolean;
  sitting: SittingActions;
  faces: readonly QueueFace[];
}

/** Decisions as they are made: shown at once, kept in this browser, and stored by the server in their order. */
export function useSitting({ name, dataset, labelSet, author }: SittingParts): SittingActions {
  const [decisions, setDecisions] = useState<readonly Decided[]>(() => read(name));
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => window.sessionStorage.setItem(name, JSON.stringify(decisions)), [name, decisions]);
  const keep = useCallback((entry: NewEntry): void => {
    openOutbox()
      .then((outbox) => outbox.add(entry))
      .then(
        () => setProblem(null),
        (error: unknown) => setProblem(`This browser could not keep the decision: ${errorWords(error)}`),
      );
  }, []);
  const decide = (faces: readonly QueueFace[], choose: (face: QueueFace) => Choice): void => {
    const at = Date.now();
    const key = newKey();
    const made = faces.map((face) => decidedOf(face, choose(face), key, at, author));
    const changes = made
      .filter((one) => one.key !== null)
      .map((one) => ({ sample: one.sample, ...changeOf(one.choice) }));
    setDecisions((before) => [...before, ...made]);
    if (changes.length > 0)
      keep({ kind: 'decide', dataset, at, key, changes, labelSet, author: author || null, note: null });
  };
  const undo = (): string | null => {
    const last = decisions.at(-1);
    if (!last) return null;
    const together = decisions.filter((one) => one.key !== null && one.key === last.key);
    const gone = together.length > 0 ? together : [last];
    setDecisions(decisions.filter((one) => !gone.includes(one)));
    if (last.key !== null) keep({ kind: 'undo', dataset, at: Date.now(), of: last.key });
    return gone[0].sample;
  };
  return { decisions, problem, decide, undo };
}

function read(name: string): readonly Decided[] {
  if (typeof window === 'undefined') return [];
  try {
    return (JSON.parse(window.sessionStorage.getItem(name) ?? '[]') as Decided[]) ?? [];
  } catch {
    return [];
  }
}

function changeOf(choice: Choice): Decision {
  if (choice.kind === 'class') return { label: choice.label };
  if (choice.kind === 'soft') return { distribution: [...choice.distribution] };
  return { action: choice.kind === 'accept' ? 'CONFIRM' : choice.kind === 'skip' ? 'SKIP' : 'UNSURE' };
}
