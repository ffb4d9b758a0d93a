import type { ReactNode } from 'react';
import { integer, percent } from '../theme/format';
import { ink } from '../theme/palette';
import { ClassName } from './class-name';

export interface ClassBalanceProps {
  classes: readonly string[];
  /** [C] */
  colours: readonly string[];
  splits: readonly { name: string; classCounts: readonly number[] }[];
}

const opacity = [1, 0.6, 0.35];

/** Samples of each class, the splits one after the other in the bar. */
export function ClassBalance({ classes, colours, splits }: ClassBalanceProps): ReactNode {
  const totals = classes.map((_, place) => splits.reduce((sum, split) => sum + (split.classCounts[place] ?? 0), 0));
  const largest = Math.max(1, ...totals);
  const all = totals.reduce((sum, value) => sum + value, 0);
  return (
    <div
      className="balance"
      role="img"
      aria-label={`Samples a class: ${classes.map((name, place) => `${name} ${integer(totals[place])}`).join(', ')}`}
    >
      {classes.map((name, place) => {
        let x = 0;
        return (
          <div key={name} className="balance-row">
            <ClassName name={name} colour={colours[place]} />
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" width="100%" height="14" aria-hidden="true">
              <rect width="100" height="10" rx="1" style={{ fill: ink.sunken }} />
              {splits.map((split, order) => {
                const width = ((split.classCounts[place] ?? 0) / largest) * 100;
                const start = x;
                x += width;
                return (
                  <rect
                    key={split.name}
                    x={start.toFixed(2)}
                    width={Math.max(0, width - 0.25).toFixed(2)}
                    height="10"
                    style={{ fill: colours[place], opacity: opacity[order] ?? 0.3 }}
                  >
                    <title>{`${split.name}: ${split.classCounts[place]}`}</title>
                  </rect>
                );
              })}
            </svg>
            <span className="numbers">{integer(totals[place])}</span>
            <span className="numbers plot-weak">{percent(all > 0 ? totals[place] / all : null)}</span>
          </div>
        );
      })}
    </div>
  );
}
