'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { LabelSetsDocument } from '../../graphql/generated/graphql';
import { useUrlState } from '../../navigation/url-state';
import { dateTime, enumName, integer, percent } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { LabelDiff } from './label-diff';
import type { LabelSet } from './label-set';
import { LabelSetActions } from './label-set-actions';
import styles from './label-sets.module.css';

/** Versions of a data set's labels; choosing one shows its balance and what it changes. */
export function LabelSetsPanel({ dataset: id }: { dataset: string }): ReactNode {
  const url = useUrlState();
  const { data, error, refetch } = useQuery(LabelSetsDocument, {
    variables: { dataset: id },
    fetchPolicy: 'cache-and-network',
  });
  const dataset = data?.dataset;
  if (!dataset) {
    if (data && !error) return null;
    return (
      <Panel title="Label sets">{error ? <Failure error={error} retry={refetch} /> : <Loading height={220} />}</Panel>
    );
  }
  const { labelSets: sets, classes, annotations } = dataset;
  const chosen = sets.find((set) => set.id === url.get('labels'));
  const choose = (set: LabelSet | undefined): void =>
    url.set({ labels: set?.id ?? null, against: null, from: null, to: null });
  return (
    <Panel
      title="Label sets"
      query={{ document: LabelSetsDocument, variables: { dataset: id } }}
      note="versions of the labels; none of them ever changes"
      aside={
        <LabelSetActions
          dataset={id}
          sets={sets}
          decisions={annotations.totalCount}
          made={(made) => {
            url.set({ labels: made, against: null, from: null, to: null });
            void refetch();
          }}
        />
      }
    >
      <Sets sets={sets} chosen={chosen} choose={choose} />
      {chosen ? (
        <LabelDiff
          key={chosen.id}
          dataset={id}
          set={chosen}
          sets={sets}
          classes={classes}
          deleted={() => {
            choose(undefined);
            void refetch();
          }}
        />
      ) : (
        <p className="plot-note">Choose a set to see its class balance and what it changes.</p>
      )}
    </Panel>
  );
}

interface SetsProps {
  sets: readonly LabelSet[];
  chosen: LabelSet | undefined;
  choose: (set: LabelSet | undefined) => void;
}

function Sets({ sets, chosen, choose }: SetsProps): ReactNode {
  return (
    <Table label="Label sets">
      <Head />
      <tbody>
        {sets.map((set) => (
          <Row key={set.id} set={set} chosen={set === chosen} choose={() => choose(set === chosen ? undefined : set)} />
        ))}
      </tbody>
    </Table>
  );
}

function Head(): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Kind</th>
        <th scope="col" data-number>
          Labels
        </th>
        <th scope="col" data-number>
          Not as given
        </th>
        <th scope="col" data-number>
          Not clean
        </th>
        <th scope="col" data-number>
          Runs
        </th>
        <th scope="col">Made</th>
      </tr>
    </thead>
  );
}

function Row({ set, chosen, choose }: { set: LabelSet; chosen: boolean; choose: () => void }): ReactNode {
  const share = (count: number | null): ReactNode =>
    count === null ? (
      '–'
    ) : count === 0 ? (
      '0'
    ) : (
      <>
        {integer(count)} <span className="plot-weak">{percent(count / Math.max(1, set.labelled))}</span>
      </>
    );
  return (
    <tr data-testid="label-set" className={chosen ? styles.chosen : undefined}>
      <th scope="row">
        <button type="button" className={styles.name} aria-pressed={chosen} onClick={choose} title={set.description}>
          {set.name}
        </button>
      </th>
      <td>
        {enumName(set.kind)}
        {set.parent && <span className="plot-weak"> of {set.parent.name}</span>}
      </td>
      <td data-number>
        {integer(set.labelled)}
        {set.missing > 0 && <span className="plot-weak"> {integer(set.missing)} missing</span>}
        {set.soft > 0 && <span className="plot-weak"> {integer(set.soft)} soft</span>}
      </td>
      <td data-number>{share(set.differsFromGiven)}</td>
      <td data-number>{share(set.differsFromClean)}</td>
      <td data-number>{integer(set.runs.length)}</td>
      <td className="numbers">{dateTime(set.createdAt)}</td>
    </tr>
  );
}
