'use client';
import { useCallback, useRef, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';
import type { Virtualizer } from '@tanstack/react-virtual';
import { addRange, togglePlace, type PlaceSelection } from './place-ranges';

interface WallKeysInput {
  scroller: RefObject<HTMLDivElement | null>;
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  lanes: number;
  total: number;
  selection?: PlaceSelection;
}

export interface WallKeys {
  /** The place in the tab order. */
  active: number;
  choose: (place: number, how: { range: boolean }) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (event: FocusEvent) => void;
}

/** Frames to wait for a card that has to be drawn before it can have the focus. */
const mostFrames = 20;

/** Moves the focus over places, drawn or not, and chooses them. */
export function useWallKeys({ scroller, virtualizer, lanes, total, selection }: WallKeysInput): WallKeys {
  const [active, setActive] = useState(0);
  const anchor = useRef(0);
  const choose = useCallback(
    (place: number, { range }: { range: boolean }): void => {
      if (!selection) return;
      const [from, to] = [Math.min(anchor.current, place), Math.max(anchor.current, place) + 1];
      selection.change(range ? addRange(selection.ranges, from, to) : togglePlace(selection.ranges, place));
      if (!range) anchor.current = place;
    },
    [selection],
  );
  const focus = (place: number): void => {
    setActive(place);
    virtualizer.scrollToIndex(Math.floor(place / lanes));
    focusWhenDrawn(scroller, place, mostFrames);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const place = placeOf(event.target);
    if (place === null) return;
    if ((event.ctrlKey || event.metaKey) && event.key === 'a' && selection) {
      event.preventDefault();
      selection.change([[0, total]]);
      return;
    }
    if (event.key === ' ' && selection) {
      event.preventDefault();
      choose(place, { range: event.shiftKey });
      return;
    }
    if (event.key === 'Escape' && selection) selection.change([]);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / virtualizer.options.estimateSize(0)));
    const next = movedPlace(event.key, place, lanes, page, total);
    if (next === null || event.altKey) return;
    event.preventDefault();
    if (event.shiftKey && selection)
      selection.change(addRange(selection.ranges, Math.min(place, next), Math.max(place, next) + 1));
    focus(next);
  };
  const onFocus = (event: FocusEvent): void => {
    const place = placeOf(event.target);
    if (place !== null) setActive(place);
  };
  return { active: Math.min(active, Math.max(0, total - 1)), choose, onKeyDown, onFocus };
}

function placeOf(target: EventTarget): number | null {
  const text = target instanceof HTMLElement ? target.dataset['place'] : undefined;
  return text === undefined ? null : Number(text);
}

/** Where a key leads from a place of a list in rows; null for keys that lead nowhere. */
export function movedPlace(key: string, place: number, lanes: number, page: number, total: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -lanes,
    ArrowDown: lanes,
    PageUp: -lanes * page,
    PageDown: lanes * page,
    Home: -place,
    End: total - 1 - place,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const next = place + step;
  // Up from the first row and down from the last stay where they are; pages end at the ends.
  if (next < 0) return key === 'PageUp' ? place % lanes : place;
  if (next >= total) return key === 'PageDown' || key === 'ArrowDown' ? total - 1 : place;
  return next;
}

function focusWhenDrawn(scroller: RefObject<HTMLDivElement | null>, place: number, frames: number): void {
  const card = scroller.current?.querySelector<HTMLElement>(`a[data-place="${place}"]`);
  if (card) card.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusWhenDrawn(scroller, place, frames - 1));
}
