'use client';
import { useState, type PointerEvent, type ReactNode } from 'react';
import styles from './scatter.module.css';

type Point = readonly [number, number];

/** Takes the pointer and draws a rectangle with it. Pixels from the top left. */
export function RectangleLayer({ onEnd }: { onEnd: (from: Point, to: Point) => void }): ReactNode {
  const [drag, setDrag] = useState<{ from: Point; to: Point } | null>(null);
  const placeOf = (event: PointerEvent): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const end = (): void => {
    if (drag && Math.abs(drag.from[0] - drag.to[0]) > 3 && Math.abs(drag.from[1] - drag.to[1]) > 3)
      onEnd(drag.from, drag.to);
    setDrag(null);
  };
  return (
    <div
      className={styles.rectangle}
      data-testid="rectangle-layer"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: placeOf(event), to: placeOf(event) });
      }}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: placeOf(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      {drag && (
        <div
          className={styles.drag}
          style={{
            left: Math.min(drag.from[0], drag.to[0]),
            top: Math.min(drag.from[1], drag.to[1]),
            width: Math.abs(drag.from[0] - drag.to[0]),
            height: Math.abs(drag.from[1] - drag.to[1]),
          }}
        />
      )}
    </div>
  );
}
