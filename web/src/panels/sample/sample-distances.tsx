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
import { Failure, Loading } from '../../theme/states';

const measures: Record<DistanceMeasure, string> = {
  KULLBACK_LEIBLER: 'Kullback–Leibler',
  JENSEN_SHANNON: 'Jensen–Shannon',
  CHEBYSHEV: 'Chebyshev',
  CLARK: 'Clark',
  CANBERRA: 'Canberra',
  COSINE: 'cosine (similarity)',
  INTERSECTION: 'intersection (similarity)',
  EUCLIDEAN: 'Euclidean',
};
const kinds = ['LABEL', 'CLASS', 'FUSED', 'TARGET', 'VOTES'] as const;
type Kind = (typeof kinds)[number];

/** How far each distribution is from each other one, by a measure of choice (in the URL). */
export function SampleDistances({
  sample: id,
  run,
  epoch,
  votes,
}: {
  sample: string;
  run: string;
  epoch: number;
  votes: boolean;
}): ReactNode {
  const url = useUrlState();
  const measure = url.oneOf('measure', Object.keys(measures) as DistanceMeasure[]);
  const { data, previousData, error, refetch } = useQuery(SampleDistancesDocument, {
    variables: { id, run, epoch, measure },
  });
  const analysis = (data ?? previousData)?.sample?.analysis as Record<string, unknown> | null | undefined;
  const shown = kinds.filter((kind) => votes || kind !== 'VOTES');
  const valueOf = (from: Kind, to: Kind): number | null => {
    const value = analysis?.[`${from}_${to}`];
    return typeof value === 'number' ? value : null;
  };
  const largest = Math.max(
    1e-9,
    ...shown.flatMap((from) => shown.map((to) => (from === to ? 0 : (valueOf(from, to) ?? 0)))),
  );
  const picker = (
    <NativeSelect
      aria-label="Measure"
      value={measure}
      data={Object.entries(measures).map(([value, label]) => ({ value, label }))}
      onChange={(event) => url.set({ measure: event.currentTarget.value })}
    />
  );
  return (
    <Panel title="Distances" note="from row to column" aside={picker} flush>
      {error && !analysis ? (
        <Failure error={error} retry={refetch} />
      ) : !analysis ? (
        <Loading height={190} />
      ) : (
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
                      from === to
                        ? undefined
                        : { background: tint('var(--accent)', ((valueOf(from, to) ?? 0) / largest) * 0.35) }
                    }
                  >
                    {from === to ? <span className="plot-weak">·</span> : decimal(valueOf(from, to))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}
