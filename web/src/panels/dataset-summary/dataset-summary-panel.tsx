'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { DatasetSummaryDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { ClassBalance } from '../../plots/class-balance';
import { dateTime, integer, percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Facts, PageHead, Panel, Table } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';

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

export function DatasetSummaryPanel({ dataset: id }: { dataset: string }): ReactNode {
  const { data, error, refetch } = useQuery(DatasetSummaryDocument, { variables: { id } });
  const dataset = data?.dataset;
  if (error && !data)
    return (
      <Panel title="Class balance" span={7}>
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!data)
    return (
      <Panel title="Class balance" span={7}>
        <Loading height={240} />
      </Panel>
    );
  if (!dataset)
    return (
      <Panel title="Class balance" span={7}>
        <Empty title="This data set does not exist">
          <p>It may have been removed, or the address is mistyped.</p>
        </Empty>
      </Panel>
    );
  const counts = dataset.classes.map((_, place) =>
    dataset.splits.reduce((sum, split) => sum + split.classCounts[place]!, 0),
  );
  const smallest = Math.min(...counts);
  return (
    <Panel
      title="Class balance"
      span={7}
      note={
        smallest > 0
          ? `largest class is ${(Math.max(...counts) / smallest).toFixed(1)} times the smallest`
          : 'a class has no samples'
      }
    >
      <ClassBalance
        classes={dataset.classes}
        colours={classColours(dataset.classes)}
        splits={dataset.splits.map((split) => ({ name: split.split.toLowerCase(), classCounts: split.classCounts }))}
      />
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
            {dataset.splits.map((split, place) => (
              <tr key={split.split}>
                <th scope="row">
                  <span style={{ opacity: [1, 0.75, 0.6][place] }}>{split.split.toLowerCase()}</span>
                </th>
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
    </Panel>
  );
}
