'use client';
import { Button, NativeSelect, NumberInput, RangeSlider, SegmentedControl, Slider } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import type { WhatIfInput } from '../../graphql/generated/graphql';
import { percent } from '../../theme/format';
import type { Sliders } from './what-if-input';
import styles from './what-if.module.css';

type Given = NonNullable<WhatIfInput['replacedDistributions']>;

interface DialsProps {
  classes: readonly string[];
  base: Sliders;
  shown: Sliders;
  replaced: Given;
  /** L as it would be, by class. */
  distributions: readonly (readonly number[])[];
  change: (sliders: Sliders, replaced: Given) => void;
}

/** Sliders ask when they are let go; what they show while they move is their own. */
export function WhatIfDials({ classes, base, shown, replaced, distributions, change }: DialsProps): ReactNode {
  const [held, setHeld] = useState(shown);
  const key = JSON.stringify(shown);
  useEffect(() => setHeld(JSON.parse(key) as Sliders), [key]);
  const least = Math.ceil(100 / classes.length) / 100;
  const settle = (part: Partial<Sliders>): void => change({ ...held, ...part }, replaced);
  return (
    <div className={styles.dials}>
      <Dial name="Threshold t" value={held.threshold.toFixed(2)}>
        <Slider
          thumbLabel="Threshold"
          min={least}
          max={1}
          step={0.01}
          value={held.threshold}
          onChange={(threshold) => setHeld({ ...held, threshold })}
          onChangeEnd={(threshold) => settle({ threshold })}
          label={null}
        />
      </Dial>
      <Dial name="Sharpening T" value={held.sharpening === 1 ? 'off' : held.sharpening.toFixed(2)}>
        <Slider
          thumbLabel="Sharpening"
          min={0.2}
          max={3}
          step={0.05}
          value={held.sharpening}
          onChange={(value) => setHeld({ ...held, sharpening: Number(value.toFixed(2)) })}
          onChangeEnd={(value) => settle({ sharpening: Number(value.toFixed(2)) })}
          label={null}
        />
      </Dial>
      <WeightDials held={held} hold={setHeld} settle={settle} />
      <GivenClass
        classes={classes}
        replaced={replaced}
        distributions={distributions}
        change={(given) => change(held, given)}
      />
      <Button
        variant="subtle"
        size="xs"
        disabled={replaced.length === 0 && JSON.stringify(held) === JSON.stringify(base)}
        onClick={() => change(base, [])}
      >
        As the run was trained
      </Button>
    </div>
  );
}

interface WeightProps {
  held: Sliders;
  hold: (sliders: Sliders) => void;
  settle: (part: Partial<Sliders>) => void;
}

function WeightDials({ held, hold, settle }: WeightProps): ReactNode {
  const [low, high] = held.weights;
  return (
    <>
      <Dial
        name="Fusion weight v"
        value={low === high ? `${low.toFixed(2)} for all` : `${low.toFixed(2)} to ${high.toFixed(2)}`}
      >
        <RangeSlider
          thumbFromLabel="Least fusion weight"
          thumbToLabel="Greatest fusion weight"
          min={0}
          max={1}
          minRange={0}
          step={0.01}
          value={[low, high]}
          onChange={(weights) => hold({ ...held, weights })}
          onChangeEnd={(weights) => settle({ weights })}
          label={null}
        />
      </Dial>
      <Dial name="Weight from" value="">
        <SegmentedControl
          fullWidth
          aria-label="What the fusion weight is stretched from"
          value={held.source}
          data={[
            { value: 'ATTENTION', label: 'attention' },
            { value: 'CERTAINTY', label: 'entropy of p' },
          ]}
          onChange={(source) => settle({ source: source as Sliders['source'] })}
        />
      </Dial>
    </>
  );
}

function Dial({ name, value, children }: { name: string; value: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <div className={styles.dialLabel}>
        <span>{name}</span>
        <span className="numbers">{value}</span>
      </div>
      {children}
    </div>
  );
}

interface GivenProps {
  classes: readonly string[];
  replaced: Given;
  distributions: readonly (readonly number[])[];
  change: (given: Given) => void;
}

/** One class distribution by hand, in parts of any sum. */
function GivenClass({ classes, replaced, distributions, change }: GivenProps): ReactNode {
  const [chosen] = replaced;
  const place = chosen ? classes.indexOf(chosen.class) : -1;
  const start = (name: string): Given => {
    const row = distributions[classes.indexOf(name)];
    const parts = (row ?? classes.map(() => 1)).map((value) => Math.round(value * 100));
    return name === '' ? [] : [{ class: name, distribution: scaled(parts) }];
  };
  return (
    <div>
      <NativeSelect
        label="Class distribution by hand"
        value={place < 0 ? '' : classes[place]}
        data={[{ value: '', label: 'none' }, ...classes.map((name) => ({ value: name, label: name }))]}
        onChange={(event) => change(start(event.currentTarget.value))}
      />
      {chosen && place >= 0 && (
        <div className={styles.given}>
          {classes.map((name, k) => (
            <NumberInput
              key={name}
              size="xs"
              label={name}
              aria-label={`Share of ${name}`}
              suffix=" %"
              value={Number((chosen.distribution[k] * 100).toFixed(1))}
              min={0}
              max={100}
              onChange={(value) => {
                const parts = chosen.distribution.map((part, other) =>
                  other === k ? Math.min(0.999, Math.max(0, (Number(value) || 0) / 100)) : part,
                );
                change([{ class: chosen.class, distribution: withShare(parts, k) }]);
              }}
            />
          ))}
          <span className="plot-note">the rest shares what is left of {percent(1, 0)}</span>
        </div>
      )}
    </div>
  );
}

function scaled(parts: readonly number[]): number[] {
  const sum = parts.reduce((total, part) => total + part, 0);
  return parts.map((part) => (sum > 0 ? part / sum : 1 / parts.length));
}

/** Part k stays; the others keep their proportions and fill what is left. */
function withShare(parts: readonly number[], k: number): number[] {
  const others = parts.reduce((total, part, place) => total + (place === k ? 0 : part), 0);
  const left = 1 - parts[k];
  return parts.map((part, place) =>
    place === k ? part : others > 0 ? (part / others) * left : left / (parts.length - 1),
  );
}
