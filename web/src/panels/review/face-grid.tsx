'use client';
import { Button } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useKeys, type KeyBinding } from '../../navigation/keys';
import { ClassName } from '../../plots/class-name';
import { keyOfClass } from './class-keys';
import { DecisionButtons } from './decision-buttons';
import type { QueueFace } from './queue';
import styles from './review.module.css';
import { labelOf, type Choice } from './session';
import type { FacesProps } from './use-sitting';

const pageSize = 24;

/** Many faces at once: one moves among them, answers where one stands, and accepts all the others together. */
export function FaceGrid(props: FacesProps & { more: (() => void) | null }): ReactNode {
  const { classes, colours, blind, sitting } = props;
  const list = useRef<HTMLUListElement>(null);
  const page = useGridPage(props, list);
  const { faces, at, face, decided } = page;
  useKeys('Review', gridKeys({ classes, blind, page, lanes: () => lanesOf(list.current) }));
  return (
    <div className={styles.grid}>
      <ul ref={list} aria-label="Faces" className={styles.faces}>
        {faces.map((one, place) => (
          <GridFace
            key={one.id}
            face={one}
            at={place === at}
            go={() => page.goTo(place)}
            blind={blind}
            label={labelIn(decided.get(one.id), classes)}
            colours={colours}
            classes={classes}
          />
        ))}
      </ul>
      <div className={styles.answer}>
        <p className="plot-weak">
          Arrows move, a key answers where you stand{!blind && ', Enter accepts all that are open and turns the page'}.
        </p>
        <DecisionButtons
          classes={classes}
          colours={colours}
          given={blind ? null : (face?.given ?? null)}
          suggested={blind ? null : (face?.suggested ?? null)}
          decided={face && decided.get(face.id)}
          decide={page.decide}
          undo={sitting.decisions.length > 0 ? page.undo : null}
          soft={null}
        />
        <Turning page={page} blind={blind} />
      </div>
    </div>
  );
}

interface GridPage {
  faces: readonly QueueFace[];
  open: readonly QueueFace[];
  decided: ReadonlyMap<string, FacesProps['sitting']['decisions'][number]>;
  /** Place on the page. */
  at: number;
  face: QueueFace | undefined;
  goTo: (place: number) => void;
  decide: (choice: Choice) => void;
  acceptRest: () => void;
  undo: () => void;
  /** Null at the ends. */
  previous: (() => void) | null;
  next: (() => void) | null;
}

function useGridPage(
  { sitting, faces, more }: FacesProps & { more: (() => void) | null },
  list: RefObject<HTMLUListElement | null>,
): GridPage {
  const decided = new Map(sitting.decisions.map((one) => [one.sample, one]));
  const [start, setStart] = useState(() =>
    Math.max(
      0,
      faces.findIndex(({ id }) => !decided.has(id)),
    ),
  );
  const [at, setAt] = useState(0);
  const page = faces.slice(start, start + pageSize);
  const open = page.filter(({ id }) => !decided.has(id));
  const face = page[Math.min(at, page.length - 1)];
  useEffect(() => {
    list.current?.querySelectorAll<HTMLElement>('button')[at]?.focus();
  }, [at, start, list]);
  const goTo = (place: number): void => setAt(Math.max(0, Math.min(page.length - 1, place)));
  const turn = (next: number): void => {
    setStart(Math.max(0, Math.min(next, faces.length)));
    setAt(0);
    if (next + 2 * pageSize >= faces.length) more?.();
  };
  return {
    faces: page,
    open,
    decided,
    at,
    face,
    goTo,
    decide: (choice) => {
      if (!face) return;
      sitting.decide([face], () => choice);
      goTo(at + 1);
    },
    acceptRest: () => {
      if (open.length > 0) sitting.decide(open, () => ({ kind: 'accept' }));
      turn(start + pageSize);
    },
    undo: () => void sitting.undo(),
    previous: start > 0 ? () => turn(start - pageSize) : null,
    next: start + pageSize < faces.length ? () => turn(start + pageSize) : null,
  };
}

function Turning({ page, blind }: { page: GridPage; blind: boolean }): ReactNode {
  return (
    <div className={styles.actions}>
      <Button variant="default" disabled={page.previous === null} onClick={() => page.previous?.()}>
        Page before
      </Button>
      <Button variant="default" disabled={page.next === null} onClick={() => page.next?.()}>
        Next page
      </Button>
      {!blind && (
        <Button disabled={page.open.length === 0} onClick={page.acceptRest} data-testid="accept-rest">
          {page.open.length} open are right
        </Button>
      )}
    </div>
  );
}

interface GridFaceProps {
  face: QueueFace;
  at: boolean;
  go: () => void;
  blind: boolean;
  /** What was said of it; null while it is open. */
  label: string | null;
  classes: readonly string[];
  colours: readonly string[];
}

function GridFace({ face, at, go, blind, label, classes, colours }: GridFaceProps): ReactNode {
  const shown = label ?? (blind ? null : face.given);
  return (
    <li>
      <button
        type="button"
        tabIndex={at ? 0 : -1}
        aria-current={at || undefined}
        data-decided={label !== null || undefined}
        data-changed={(label !== null && label !== face.given) || undefined}
        onClick={go}
        aria-label={`${face.name}${shown ? `, ${label === null ? 'label' : 'decided'} ${shown}` : ''}`}
      >
        <img src={face.imageUrl} alt="" width={110} height={110} />
        {shown ? <ClassName name={shown} colour={colours[classes.indexOf(shown)] ?? 'transparent'} /> : <span>?</span>}
      </button>
    </li>
  );
}

function labelIn(
  decided: FacesProps['sitting']['decisions'][number] | undefined,
  classes: readonly string[],
): string | null {
  if (!decided) return null;
  return labelOf(decided, classes) ?? decided.choice.kind;
}

/** Faces in a row, as the browser laid them out. */
function lanesOf(list: HTMLUListElement | null): number {
  const items = [...(list?.children ?? [])] as HTMLElement[];
  const below = items.findIndex((item) => item.offsetTop > items[0].offsetTop);
  return below < 0 ? Math.max(1, items.length) : below;
}

interface GridKeys {
  classes: readonly string[];
  blind: boolean;
  page: GridPage;
  lanes: () => number;
}

function gridKeys({ classes, blind, page, lanes }: GridKeys): KeyBinding[] {
  const { decide, at, goTo } = page;
  return [
    ...classes.flatMap((label, place) => {
      const key = keyOfClass(place);
      return key === null ? [] : [{ key, does: label, run: () => decide({ kind: 'class', label }) }];
    }),
    ...(blind
      ? []
      : [
          { key: 'a', does: 'the label is right', run: () => decide({ kind: 'accept' }) },
          { key: 'Enter', does: 'all that are open are right; next page', run: page.acceptRest },
        ]),
    { key: 's', does: 'skip: later', run: () => decide({ kind: 'skip' }) },
    { key: 'u', does: 'unsure: it cannot be told', run: () => decide({ kind: 'unsure' }) },
    { key: 'z', does: 'take the last decision back', run: page.undo },
    { key: 'ArrowLeft', does: 'one to the left', run: () => goTo(at - 1) },
    { key: 'ArrowRight', does: 'one to the right', run: () => goTo(at + 1) },
    { key: 'ArrowUp', does: 'a row up', run: () => goTo(at - lanes()) },
    { key: 'ArrowDown', does: 'a row down', run: () => goTo(at + lanes()) },
  ];
}
