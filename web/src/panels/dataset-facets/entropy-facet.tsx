'use client';
import { RangeSlider } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { rangeIn } from '../../navigation/sample-list';
import type { UrlState } from '../../navigation/url-state';
import { integer } from '../../theme/format';
import styles from './dataset-facets.module.css';

interface EntropyProps {
  /** Samples of each bin of [0, maximum], of the data set and of the filter. */
  all: readonly number[];
  some: readonly number[];
  /** log C, in nats. */
  maximum: number;
  unknown: number;
  url: UrlState;
}

/** A histogram with two handles; what lies between them is the filter. */
export function EntropyFacet({ all, some, maximum, unknown, url }: EntropyProps): ReactNode {
  const chosen = rangeIn(url.get('entropy'));
  const [ends, setEnds] = useState<[number, number]>([chosen?.minimum ?? 0, chosen?.maximum ?? maximum]);
  useEffect(() => setEnds([chosen?.minimum ?? 0, chosen?.maximum ?? maximum]), [url.get('entropy'), maximum]);
  const highest = Math.max(1, ...all);
  const step = maximum / all.length;
  return (
    <>
      <div className={styles.histogram} role="img" aria-label="Histogram of the entropy of the votes">
        {all.map((count, bin) => (
          <span key={bin} title={`${(bin * step).toFixed(2)} to ${((bin + 1) * step).toFixed(2)}: ${integer(count)}`}>
            <i style={{ height: `${(count / highest) * 100}%` }} />
            <b style={{ height: `${((some[bin] ?? 0) / highest) * 100}%` }} />
          </span>
        ))}
      </div>
      <RangeSlider
        size="sm"
        min={0}
        max={maximum}
        step={maximum / 48}
        minRange={maximum / 48}
        value={ends}
        label={(value) => value.toFixed(2)}
        thumbFromLabel="Lowest entropy"
        thumbToLabel="Highest entropy"
        onChange={setEnds}
        onChangeEnd={([from, to]) => {
          const whole = from <= 0 && to >= maximum - 1e-9;
          url.set({ entropy: whole ? null : `${from.toFixed(4)}_${to.toFixed(4)}` });
        }}
      />
      <p className="plot-note">
        {ends[0].toFixed(2)} to {ends[1].toFixed(2)}; 0: all agree, {maximum.toFixed(2)}: every class alike.
        {unknown > 0 ? ` ${integer(unknown)} without votes.` : ''}
      </p>
    </>
  );
}
