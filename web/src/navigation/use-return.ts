'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect } from 'react';

interface Place {
  top: number;
  /** Scroll of inner windows, by the name in `data-scroll`. */
  inner: Record<string, number>;
  /** `id`, or the address of the link that had the focus. */
  focus: string | null;
}

const kept = 'place:';
/** How long a page may take to grow to where it was after the last part that pushes it about has come. */
const patienceMilliseconds = 6000;
/** How long it may take in all: on a slow machine parts come one by one. */
const longestMilliseconds = 60_000;
const stepMilliseconds = 50;
/** Steps in the right place until it counts: what still loads above would push it away. */
const calmSteps = 6;
let wentBack = false;

if (typeof window !== 'undefined') {
  window.addEventListener('popstate', () => (wentBack = true), { capture: true });
  window.history.scrollRestoration = 'manual';
}

/** Remembers scroll and focus of every address and puts both back when the reader returns to it. Once, in the shell. */
export function useReturn(): void {
  const path = usePathname();
  const query = useSearchParams().toString();
  const address = `${path}?${query}`;
  useEffect(() => {
    const name = kept + address;
    const back = wentBack || isReload();
    wentBack = false;
    const stored = back ? read(name) : null;
    const stop = stored ? putBack(stored) : undefined;
    const keep = (): void => window.sessionStorage.setItem(name, JSON.stringify(placeNow()));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(keep, 120);
    };
    const leave = (event: Event): void => {
      if (event.target instanceof Element && event.target.closest('a[href]')) keep();
    };
    document.addEventListener('scroll', soon, { capture: true, passive: true });
    document.addEventListener('focusin', soon);
    document.addEventListener('click', leave, { capture: true });
    window.addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      stop?.();
      document.removeEventListener('scroll', soon, { capture: true });
      document.removeEventListener('focusin', soon);
      document.removeEventListener('click', leave, { capture: true });
      window.removeEventListener('pagehide', keep);
    };
  }, [address]);
}

let loaded = false;
/** The first page of a tab: a reload or a restored tab has a place, a new one has none. */
function isReload(): boolean {
  if (loaded) return false;
  loaded = true;
  return performance.getEntriesByType('navigation').some((entry) => 'type' in entry && entry.type !== 'navigate');
}

function read(name: string): Place | null {
  try {
    return JSON.parse(window.sessionStorage.getItem(name) ?? 'null') as Place | null;
  } catch {
    return null;
  }
}

function placeNow(): Place {
  const inner = Object.fromEntries(
    [...document.querySelectorAll<HTMLElement>('[data-scroll]')].map((part) => [
      part.dataset['scroll'],
      part.scrollTop,
    ]),
  );
  const active = document.activeElement;
  const focus = active instanceof HTMLAnchorElement ? active.getAttribute('href') : active?.id ? `#${active.id}` : null;
  return { top: window.scrollY, inner, focus };
}

/** Waits until what was there is there again; gives up when the reader scrolls. */
function putBack({ top, inner, focus }: Place): () => void {
  const end = performance.now() + longestMilliseconds;
  let limit = performance.now() + patienceMilliseconds;
  let stopped = false;
  let calm = 0;
  const stop = (): void => {
    stopped = true;
    for (const name of ['wheel', 'touchstart', 'keydown', 'pointerdown']) window.removeEventListener(name, stop);
  };
  for (const name of ['wheel', 'touchstart', 'keydown', 'pointerdown'])
    window.addEventListener(name, stop, { passive: true });
  const attempt = (): void => {
    if (stopped) return;
    let there = Math.abs(window.scrollY - top) < 2;
    if (!there) window.scrollTo({ top, behavior: 'instant' });
    for (const [name, value] of Object.entries(inner)) {
      const part = document.querySelector<HTMLElement>(`[data-scroll="${CSS.escape(name)}"]`);
      if (part) part.scrollTop = value;
      there &&= part !== null && Math.abs(part.scrollTop - value) < 2;
    }
    const target = focus && findFocus(focus);
    if (target && document.activeElement !== target) target.focus({ preventScroll: true });
    const loading = isLoadingAbove();
    if (loading) limit = Math.min(end, performance.now() + patienceMilliseconds);
    calm = there && !loading && (target || focus === null) ? calm + 1 : 0;
    if (calm >= calmSteps || performance.now() > limit) stop();
    else setTimeout(attempt, stepMilliseconds);
  };
  attempt();
  return stop;
}

/** Whether a part is on its way that lies above the end of the window: what lies below moves nothing. */
function isLoadingAbove(): boolean {
  const parts = [...document.querySelectorAll('main [data-loading]')];
  return parts.some((part) => part.getBoundingClientRect().top < window.innerHeight);
}

function findFocus(focus: string): HTMLElement | null {
  if (focus.startsWith('#')) return document.getElementById(focus.slice(1));
  return document.querySelector<HTMLElement>(`main a[href="${CSS.escape(focus)}"]`);
}
