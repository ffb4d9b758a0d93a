'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { SampleDistancesDocument, type DistanceMeasure } from '../../graphql/generated/graphql';
import { useUrlState } from '../../navigation/url-state';
import { ClassDot } from '../../plots/class-name';
import { decimal } from '../../theme/format';
import { distributionColour, tint, type DistributionName } from '../../theme/palette';
import { Panel, Table } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';

/** Names, and whether 0 means the same or 1 does. The first is the default: bounded and alike both ways. */
const measures: Record<DistanceMeasure, { name: string; similarity?: true; note: string }> = {
  JENSEN_SHANNON: { name: 'Jensen–Shannon', note: '0: the same, 0.69: nothing in common; the same both ways' },
  KULLBACK_LEIBLER: { name: 'Kullback–Leibler', note: '0: the same, without an upper end; row ‖ column' },
  CHEBYSHEV: { name: 'Chebyshev', note: '0: the same, 1: nothing in common' },
  CLARK: { name: 'Clark', note: '0: the same' },
  CANBERRA: { name: 'Canberra', note: '0: the same' },
  COSINE: { name: 'cosine (similarity)', similarity: true, note: '1: the same direction' },
  INTERSECTION: { name: 'intersection (similarity)', similarity: true, note: '1: the same' },
  EUCLIDEAN: { name: 'Euclidean', note: '0: the same' },
  HELLINGER: { name: 'Hellinger', note: '0: the same, 1: nothing in common; the same both ways' },
};
const kinds = ['LABEL', 'CLASS', 'FUSED', 'TARGET', 'VOTES'] as const;
type Kind = (typeof kinds)[number];

interface DistancesProps {
  sample: string;
  run: string;
  epoch: number;
  votes: boolean;
}

/** How far each distribution is from each other one, by a measure of choice (in the URL). */
export function SampleDistances({ sample: id, run, epoch, votes }: DistancesProps): ReactNode {
  const url = useUrlState();
  const measure = url.oneOf('measure', Object.keys(measures) as DistanceMeasure[]);
  const { data, previousData, error, refetch } = useQuery(SampleDistancesDocument, {
    variables: { id, run, epoch, measure },
  });
  const analysis = (data ?? previousData)?.sample?.analysis as Record<string, unknown> | null | undefined;
  const shown = kinds.filter((kind) => votes || kind !== 'VOTES');
  const picker = (
    <NativeSelect
      aria-label="Measure"
      value={measure}
      data={Object.entries(measures).map(([value, { name }]) => ({ value, label: name }))}
      onChange={(event) => url.set({ measure: event.currentTarget.value })}
    />
  );
  return (
    <Panel
      title="Distances"
      note={measures[measure].note}
      aside={picker}
      query={{ document: SampleDistancesDocument, variables: { id, run, epoch, measure } }}
      flush
    >
      {error && !analysis ? (
        <Failure error={error} retry={refetch} />
      ) : !analysis ? (
        <Loading height={190} />
      ) : (
        <Distances
          analysis={analysis}
          shown={known(analysis, shown)}
          similarity={measures[measure].similarity === true}
        />
      )}
    </Panel>
  );
}

/** Distributions that have a distance to another one: whoever recorded a run may have sent some of them only. */
function known(analysis: Record<string, unknown>, shown: readonly Kind[]): Kind[] {
  return shown.filter((from) =>
    shown.some(
      (to) =>
        to !== from && (typeof analysis[`${from}_${to}`] === 'number' || typeof analysis[`${to}_${from}`] === 'number'),
    ),
  );
}

interface TableProps {
  /** By `FROM_TO`. */
  analysis: Record<string, unknown>;
  shown: readonly Kind[];
  similarity: boolean;
}

function Distances({ analysis, shown, similarity }: TableProps): ReactNode {
  const valueOf = (from: Kind, to: Kind): number | null => {
    const value = analysis[`${from}_${to}`];
    return typeof value === 'number' ? value : null;
  };
  if (shown.length === 0)
    return (
      <Empty title="Nothing to compare">
        <p>Of this sample fewer than two distributions were recorded.</p>
      </Empty>
    );
  const pairs = shown.flatMap((from) => shown.map((to) => (from === to ? 0 : (valueOf(from, to) ?? 0))));
  const largest = Math.max(1e-9, ...pairs);
  // The stronger the tint, the further apart.
  const strength = (value: number): number => (similarity ? Math.max(0, 1 - value) : value / largest) * 0.35;
  return (
    <Table label="Distances between distributions">
      <thead>
        <tr>
          <th scope="col">from</th>
          {shown.map((to) => (
            <th key={to} scope="col" data-number>
              {to.toLowerCase()}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((from) => (
          <tr key={from}>
            <th scope="row">
              <span className="class-name">
                <ClassDot colour={distributionColour[from.toLowerCase() as DistributionName]} />
                {from.toLowerCase()}
              </span>
            </th>
            {shown.map((to) => (
              <td
                key={to}
                data-number
                style={
                  from === to ? undefined : { background: tint('var(--accent)', strength(valueOf(from, to) ?? 0)) }
                }
              >
                {from === to ? <span className="plot-weak">·</span> : decimal(valueOf(from, to))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
