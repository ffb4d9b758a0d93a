'use client';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { integer } from '../theme/format';
import { countPlaces, noPlaces, type PlaceSelection } from './place-ranges';

interface ChosenBarProps {
  total: number;
  selection: PlaceSelection;
  /** What one can do with them; under the count while there are any. */
  children: ReactNode;
}

/** How many of a wall are chosen, all and none. */
export function ChosenBar({ total, selection, children }: ChosenBarProps): ReactNode {
  const chosen = countPlaces(selection.ranges);
  return (
    <div className="chosen-bar">
      <div>
        {chosen === 0 ? (
          <span className="plot-weak">Space, the box in a corner, Ctrl or Shift and a click choose.</span>
        ) : (
          <b role="status">{integer(chosen)} chosen</b>
        )}
        {chosen < total && (
          <Button size="compact-xs" variant="default" onClick={() => selection.change([[0, total]])}>
            Choose all {integer(total)} that match
          </Button>
        )}
        {chosen > 0 && (
          <Button size="compact-xs" variant="subtle" onClick={() => selection.change(noPlaces)}>
            None
          </Button>
        )}
      </div>
      {chosen > 0 && children}
    </div>
  );
}
