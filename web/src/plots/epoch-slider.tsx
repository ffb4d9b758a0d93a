'use client';
import { Slider } from '@mantine/core';
import { useState, type ReactNode } from 'react';

export interface EpochSliderProps {
  /** Newest epoch; the first is 1. */
  last: number;
  epoch: number;
  /** While dragging. */
  onMove?: (epoch: number) => void;
  /** After dragging or a key. */
  onChoose: (epoch: number) => void;
}

export function EpochSlider({ last, epoch, onMove, onChoose }: EpochSliderProps): ReactNode {
  const [moving, setMoving] = useState<number | null>(null);
  const shown = moving ?? epoch;
  return (
    <div className="epoch-slider">
      <span>
        epoch <b>{shown}</b> of {last}
      </span>
      <Slider
        size="sm"
        min={1}
        max={Math.max(2, last)}
        domain={[1, Math.max(2, last)]}
        step={1}
        value={shown}
        disabled={last < 2}
        label={null}
        thumbLabel="Epoch"
        thumbValueText={(value) => `epoch ${value} of ${last}`}
        onChange={(value) => {
          setMoving(value);
          onMove?.(value);
        }}
        onChangeEnd={(value) => {
          setMoving(null);
          onChoose(value);
        }}
      />
    </div>
  );
}
