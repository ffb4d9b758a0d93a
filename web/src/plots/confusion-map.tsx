'use client';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { ink, plainColour } from '../theme/palette';
import { cellLook, isChosen, type ConfusionMatrixProps } from './confusion-cells';
import { moves } from './confusion-table';
import { useScheme } from './use-scheme';

interface Place {
  row: number;
  column: number;
}

const nameWidth = 110;

/** The matrix of many classes as one picture: pointing or arrow keys name a cell, a click or Enter chooses it. */
export function ConfusionMap(props: ConfusionMatrixProps): ReactNode {
  const { classes, chosen, show, onChoose } = props;
  const { ref: box, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const scheme = useScheme();
  const side = Math.max(4, Math.floor((Math.max(width, 200) - nameWidth) / classes.length));
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, props, side, active);
  }, [props, side, active, width, scheme]);
  const placeOf = (event: PointerEvent): Place | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - nameWidth) / side);
    const row = Math.floor((event.clientY - box.top) / side);
    return row >= 0 && column >= 0 && row < classes.length && column < classes.length ? { row, column } : null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (!move && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    const last = classes.length - 1;
    if (!move) onChoose?.(active, event.ctrlKey || event.metaKey || event.shiftKey);
    else
      setActive(({ row, column }) => ({
        row: Math.min(last, Math.max(0, row + move[0])),
        column: Math.min(last, Math.max(0, column + move[1])),
      }));
  };
  return (
    <div ref={box}>
      <p className="plot-note" aria-live="polite" data-testid="confusion-active">
        {cellLook(props, show, active.row, active.column).spoken}
        {chosen.length > 0 && isChosen(chosen, active.row, active.column) ? ' (chosen)' : ''}
      </p>
      <canvas
        ref={canvas}
        role="application"
        tabIndex={0}
        aria-label={`Confusion matrix of ${classes.length} classes: rows ${props.rowsTitle}, columns ${props.columnsTitle}; arrow keys move, Enter chooses`}
        style={{ width: nameWidth + side * classes.length, height: side * classes.length, cursor: 'crosshair' }}
        onPointerMove={(event) => setActive((now) => placeOf(event) ?? now)}
        onPointerDown={(event) => {
          const place = placeOf(event);
          if (place) onChoose?.(place, event.ctrlKey || event.metaKey || event.shiftKey);
        }}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, props: ConfusionMatrixProps, side: number, active: Place): void {
  const { classes, show, chosen } = props;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = (nameWidth + side * classes.length) * ratio;
  canvas.height = side * classes.length * ratio;
  const context = canvas.getContext('2d')!;
  const style = getComputedStyle(canvas);
  const [strong, medium, surface, sunken] = [ink.strong, ink.medium, ink.surface, ink.sunken].map((colour) =>
    plainColour(colour, style),
  ) as [string, string, string, string];
  context.scale(ratio, ratio);
  const gap = side > 6 ? 1 : 0;
  context.font = `${Math.min(12, Math.max(8, side - 1))}px ${style.fontFamily}`;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const every = Math.max(1, Math.ceil(10 / side));
  for (let row = 0; row < classes.length; row++) {
    context.globalAlpha = 1;
    context.fillStyle = row === active.row ? strong : medium;
    if (row % every === 0 || row === active.row)
      context.fillText(fitted(context, classes[row]), nameWidth - 6, row * side + side / 2);
    for (let column = 0; column < classes.length; column++) {
      const look = cellLook(props, show, row, column);
      context.globalAlpha = 1;
      context.fillStyle = look.empty ? sunken : surface;
      context.fillRect(nameWidth + column * side, row * side, side - gap, side - gap);
      if (look.empty) continue;
      context.globalAlpha = Math.max(0.12, look.strength);
      context.fillStyle = plainColour(look.colour, style);
      context.fillRect(nameWidth + column * side, row * side, side - gap, side - gap);
    }
  }
  context.globalAlpha = 1;
  context.strokeStyle = strong;
  for (let row = 0; row < classes.length; row++)
    for (let column = 0; column < classes.length; column++)
      if (isChosen(chosen, row, column))
        context.strokeRect(nameWidth + column * side + 0.5, row * side + 0.5, side - 1, side - 1);
  context.lineWidth = 2;
  context.strokeRect(nameWidth + active.column * side, active.row * side, side, side);
}

function fitted(context: CanvasRenderingContext2D, name: string): string {
  if (context.measureText(name).width <= nameWidth - 10) return name;
  let length = name.length - 1;
  while (length > 3 && context.measureText(`${name.slice(0, length)}…`).width > nameWidth - 10) length--;
  return `${name.slice(0, length)}…`;
}
