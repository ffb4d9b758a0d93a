'use client';
import type { ReactNode } from 'react';
import type { RunComparisonQuery } from '../../graphql/generated/graphql';
import { Curves } from '../../plots/curves';
import { decimal, integer, missing, percent, settingName } from '../../theme/format';
import { Table } from '../../theme/panel';
import { settingValue } from './compared-run';

type Comparison = RunComparisonQuery['runComparison'];
type Part = Comparison['byClass'][number];

/** Why two runs differ: settings by name, where their predictions part, and their accuracies over each other. */
export function RunDifferences({ comparison }: { comparison: Comparison }): ReactNode {
  const { settings, byClass, byAmbiguity, curves, agreement, csvUrl } = comparison;
  const last = curves.at(-1)?.epoch ?? 1;
  const both = settings.filter(({ before, after }) => before !== null && after !== null);
  const oneSided = settings.filter((one) => !both.includes(one));
  return (
    <>
      <div>
        <p className="plot-note">
          The two predict the same on {percent(agreement.share)} of {integer(agreement.samples)} samples of the split
          (kappa {decimal(agreement.kappa, 2)}). <a href={csvUrl}>Every sample as CSV</a>
        </p>
        <Settings label="Settings that differ" settings={both} />
        {oneSided.length > 0 && (
          <details>
            <summary>
              Only one of them says {oneSided.length === 1 ? 'one setting' : `${oneSided.length} settings`}
            </summary>
            <Settings label="Settings that only one of them says" settings={oneSided} />
          </details>
        )}
      </div>
      {curves.length > 1 && (
        <Curves
          label="Accuracy of both runs on the split"
          height={150}
          curves={[
            {
              name: 'before',
              colour: 'var(--ink-3)',
              points: curves.map(({ epoch, before }) => [epoch, before] as const),
            },
            {
              name: 'after',
              colour: 'var(--distribution-target)',
              points: curves.map(({ epoch, after }) => [epoch, after] as const),
            },
          ]}
          axes={{ x: 'epoch', xRange: [1, Math.max(2, last)], yRange: [0, 1], format: (value) => percent(value, 0) }}
        />
      )}
      <Parts title="By label" parts={byClass} />
      <Parts title="By ambiguity, in quarters" parts={byAmbiguity} />
    </>
  );
}

/** Values are JSON: texts are shown without their quotes. */
function Settings({ label, settings }: { label: string; settings: Comparison['settings'] }): ReactNode {
  if (settings.length === 0) return null;
  const shown = (value: string | null): string =>
    value === null ? missing : settingValue(/^"[^"\\]*"$/.test(value) ? value.slice(1, -1) : value);
  return (
    <Table label={label}>
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {settings.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{settingName(name)}</th>
            <td style={{ overflowWrap: 'anywhere' }}>{shown(before)}</td>
            <td style={{ overflowWrap: 'anywhere' }}>{shown(after)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Parts({ title, parts }: { title: string; parts: readonly Part[] }): ReactNode {
  return (
    <Table label={`Where the runs part: ${title}`}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col" data-number>
            Samples
          </th>
          <th scope="col" data-number>
            Same
          </th>
          <th scope="col" data-number>
            Right before
          </th>
          <th scope="col" data-number>
            Right after
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ part, samples, share, accuracyBefore, accuracyAfter }) => (
          <tr key={part}>
            <th scope="row">{part}</th>
            <td data-number>{integer(samples)}</td>
            <td data-number>{percent(share)}</td>
            <td data-number>{percent(accuracyBefore)}</td>
            <td data-number>{percent(accuracyAfter)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
