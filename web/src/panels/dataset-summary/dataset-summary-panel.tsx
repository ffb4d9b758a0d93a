'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { DatasetSummaryDocument, type DatasetSummaryQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { ClassBalance } from '../../plots/class-balance';
import { dateTime, integer, percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Facts, PageHead, Panel, Table } from '../../theme/panel';
import { Failure, Loading, Missing } from '../../theme/states';

/** Head of a data set's page; `action` is what can be done with it. */
export function DatasetHead({ dataset: id, action }: { dataset: string; action: ReactNode }): ReactNode {
  const { data } = useQuery(DatasetSummaryDocument, { variables: { id } });
  const dataset = data?.dataset;
  return (
    <PageHead
      crumbs={[{ label: 'Data', href: routes.datasets }, { label: dataset?.name ?? id }]}
      title={dataset?.name ?? (data ? 'Unknown data set' : '…')}
      aside={dataset && action}
    >
      {dataset && (
        <Facts
          facts={[
            ['Samples', integer(dataset.sampleCount)],
            ['Classes', dataset.classes.length],
            ['Format', dataset.format],
            ['Imported', dateTime(dataset.createdAt)],
          ]}
        />
      )}
    </PageHead>
  );
}

type Summary = NonNullable<DatasetSummaryQuery['dataset']>;

/** How many samples each class and split has. */
export function DatasetSummaryPanel({ dataset: id }: { dataset: string }): ReactNode {
  const { data, error, refetch } = useQuery(DatasetSummaryDocument, { variables: { id } });
  const dataset = data?.dataset;
  return (
    <Panel
      title="Class balance"
      span={7}
      note={dataset && imbalance(dataset)}
      query={{ document: DatasetSummaryDocument, variables: { id } }}
    >
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Loading height={240} />
      ) : !dataset ? (
        <Missing what="data set" href={routes.datasets} others="Data sets" />
      ) : (
        <>
          <ClassBalance
            classes={dataset.classes}
            colours={classColours(dataset.classes)}
            splits={dataset.splits.map((split) => ({
              name: split.split.toLowerCase(),
              classCounts: split.classCounts,
            }))}
          />
          <Splits dataset={dataset} />
        </>
      )}
    </Panel>
  );
}

function imbalance({ classes, splits }: Summary): string {
  const counts = classes.map((_, place) => splits.reduce((sum, split) => sum + (split.classCounts[place] ?? 0), 0));
  const smallest = Math.min(...counts);
  return smallest > 0
    ? `largest class is ${(Math.max(...counts) / smallest).toFixed(1)} times the smallest`
    : 'a class has no samples';
}

function Splits({ dataset }: { dataset: Summary }): ReactNode {
  return (
    <div style={{ marginTop: 14 }}>
      <Table label="Splits">
        <thead>
          <tr>
            <th scope="col">Split</th>
            <th scope="col" data-number>
              Samples
            </th>
            <th scope="col" data-number>
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {dataset.splits.map((split) => (
            <tr key={split.split}>
              <th scope="row">{split.split.toLowerCase()}</th>
              <td data-number>{integer(split.samples)}</td>
              <td data-number>{percent(split.samples / dataset.sampleCount)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <p className="plot-note">
        In each bar: {dataset.splits.map((split) => split.split.toLowerCase()).join(', then ')}, from full colour to
        pale.
      </p>
    </div>
  );
}
