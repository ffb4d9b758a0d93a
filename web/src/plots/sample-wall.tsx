'use client';
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { hasPlace, type PlaceSelection } from './place-ranges';
import { SampleCard, type SampleCardProps } from './sample-card';
import { useWallKeys } from './use-wall-keys';

export interface SampleWallProps {
  /** Samples in the whole list, loaded or not. */
  total: number;
  /** Null while it is not loaded. */
  cardAt: (place: number) => SampleCardProps | null;
  /** Places that came into view, `to` exclusive. */
  onNeed: (from: number, to: number) => void;
  /** CSS height of the scrolling window. */
  height: string;
  label: string;
  /** Keeps its scroll for the way back; unique on its page. */
  name: string;
  /** What cards have, for their height. */
  has: { strip: boolean; measure: boolean };
  selection?: PlaceSelection;
}

const cardWidth = 98;
const gap = 8;

/**
 * Only the rows in view are drawn, and any place can be gone to at once. Arrow keys, Home, End and Page keys move from
 * card to card, Space chooses, Shift chooses up to there, Ctrl-A all.
 */
export function SampleWall(props: SampleWallProps): ReactNode {
  const { total, onNeed, height, label, name, has, selection } = props;
  const { ref, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const lanes = Math.max(2, Math.floor((width + gap) / (cardWidth + gap)));
  const side = width > 0 ? (width - gap * (lanes - 1)) / lanes : cardWidth;
  const cardHeight = side + (has.strip ? 5 : 0) + (has.measure ? 60 : 44);
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / lanes),
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight + gap,
    overscan: 3,
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, cardHeight]);
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0]?.index ?? 0, rows[rows.length - 1]?.index ?? -1];
  useEffect(() => {
    if (last >= first) onNeed(first * lanes, Math.min(total, (last + 1) * lanes));
  }, [first, last, lanes, total, onNeed]);
  const keys = useWallKeys({ scroller, virtualizer, lanes, total, ...(selection && { selection }) });
  return (
    <div
      ref={scroller}
      className="sample-grid"
      data-scroll={name}
      style={{ maxHeight: height }}
      role="group"
      aria-label={`${label}, ${total}; arrow keys move, Space chooses`}
      onKeyDown={keys.onKeyDown}
      onFocus={keys.onFocus}
    >
      <div ref={ref} style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {rows.map((row) => (
          <div
            key={row.key}
            className="sample-grid-row"
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${lanes}, minmax(0, 1fr))`,
              height: cardHeight,
            }}
          >
            {placesOf(row.index, lanes, total).map((place) => (
              <Place key={place} {...props} place={place} reachable={place === keys.active} choose={keys.choose} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function placesOf(row: number, lanes: number, total: number): number[] {
  return Array.from({ length: Math.max(0, Math.min(lanes, total - row * lanes)) }, (_, lane) => row * lanes + lane);
}

interface PlaceProps extends SampleWallProps {
  place: number;
  /** Whether it is the one card in the tab order. */
  reachable: boolean;
  choose: (place: number, how: { range: boolean }) => void;
}

function Place({ cardAt, selection, place, reachable, choose }: PlaceProps): ReactNode {
  const card = cardAt(place);
  const chosen = selection !== undefined && hasPlace(selection.ranges, place);
  if (!card) return <div className="sample-card sample-card-empty" data-place={place} />;
  return (
    <div className="sample-place" data-chosen={chosen || undefined}>
      <SampleCard
        {...card}
        chosen={chosen}
        link={{
          tabIndex: reachable ? 0 : -1,
          'data-place': place,
          onClick: (event) => {
            if (!selection || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
            event.preventDefault();
            choose(place, { range: event.shiftKey });
          },
        }}
      />
      {selection && (
        <button
          type="button"
          role="checkbox"
          aria-checked={chosen}
          aria-label={`Choose ${card.name}`}
          tabIndex={-1}
          className="sample-check"
          onClick={(event) => choose(place, { range: event.shiftKey })}
        />
      )}
    </div>
  );
}
