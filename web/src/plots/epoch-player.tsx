'use client';
import { ActionIcon } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { EpochSlider } from './epoch-slider';

export interface EpochPlayerProps {
  last: number;
  epoch: number;
  /** While dragging and playing. */
  onMove?: (epoch: number) => void;
  onChoose: (epoch: number) => void;
}

const millisecondsPerEpoch = 700;

/** The slider of epochs with a button that lets them pass, from the first where the newest is shown. */
export function EpochPlayer({ last, epoch, onMove, onChoose }: EpochPlayerProps): ReactNode {
  const [playing, setPlaying] = useState(false);
  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (epoch >= last) setPlaying(false);
      else onChoose(epoch + 1);
    }, millisecondsPerEpoch);
    return () => clearTimeout(timer);
  }, [playing, epoch, last, onChoose]);
  const toggle = (): void => {
    if (!playing && epoch >= last) onChoose(1);
    setPlaying(!playing);
  };
  return (
    <span className="epoch-player">
      <ActionIcon
        variant="default"
        size={28}
        disabled={last < 2}
        aria-label={playing ? 'Stop playing the epochs' : 'Play the epochs'}
        title={playing ? 'Stop' : 'Play the epochs'}
        onClick={toggle}
      >
        {playing ? '❚❚' : '▶'}
      </ActionIcon>
      <EpochSlider
        last={last}
        epoch={epoch}
        {...(onMove && { onMove })}
        onChoose={(chosen) => {
          setPlaying(false);
          onChoose(chosen);
        }}
      />
    </span>
  );
}
