'use client';
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { SampleCard, type SampleCardProps } from './sample-card';

export interface SampleGridProps {
  samples: readonly (SampleCardProps & { id: string })[];
  /** Samples in the whole list, loaded or not. */
  total: number;
  hasMore: boolean;
  /** Called when the end of what is loaded comes into view. */
  onMore: () => void;
  /** CSS height of the scrolling window. */
  height: string;
  label: string;
}

const cardWidth = 98;
const gap = 8;

/** Draws only the rows in view, however long the list. */
export function SampleGrid({ samples, total, hasMore, onMore, height, label }: SampleGridProps): ReactNode {
  const { ref, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const lanes = Math.max(2, Math.floor((width + gap) / (cardWidth + gap)));
  const rows = Math.ceil(samples.length / lanes);
  const cardHeight =
    (width > 0 ? (width - gap * (lanes - 1)) / lanes : cardWidth) +
    (samples[0]?.distribution ? 5 : 0) +
    (samples[0]?.measure ? 60 : 44);
  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight + gap,
    overscan: 3,
  });
  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, cardHeight]);
  const visible = virtualizer.getVirtualItems();
  const end = visible[visible.length - 1]?.index ?? -1;
  useEffect(() => {
    if (hasMore && end >= rows - 3) onMore();
  }, [hasMore, end, rows, onMore]);
  return (
    <div
      ref={scroller}
      className="sample-grid"
      style={{ maxHeight: height }}
      tabIndex={0}
      role="region"
      aria-label={`${label}, ${samples.length} of ${total} loaded`}
    >
      <div ref={ref} style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {visible.map((row) => (
          <div
            key={row.key}
            className="sample-grid-row"
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${lanes}, minmax(0, 1fr))`,
              height: cardHeight,
            }}
          >
            {samples.slice(row.index * lanes, (row.index + 1) * lanes).map(({ id, ...card }) => (
              <SampleCard key={id} {...card} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
