'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, NativeSelect } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { DeleteLabelSetDocument, LabelDiffDocument, type Split } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { ClassBalance } from '../../plots/class-balance';
import { samePlace, type ConfusionPlace } from '../../plots/confusion-cells';
import { ConfusionMatrix } from '../../plots/confusion-matrix';
import { integer, percent } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Failure, Loading } from '../../theme/states';
import { LabelChanges } from './label-changes';
import type { LabelSet } from './label-set';
import styles from './label-sets.module.css';
import { errorWords } from '../../theme/error-words';
import { useThings } from '../../theme/things-context';

const own = ['GIVEN', 'CLEAN', 'VOTES'];

/** One set: how its labels are spread, and how they differ from another set's, down to the faces. */
export function LabelDiff({
  dataset,
  set,
  sets,
  classes,
  deleted,
}: {
  dataset: string;
  set: LabelSet;
  sets: readonly LabelSet[];
  classes: readonly string[];
  deleted: () => void;
}): ReactNode {
  const url = useUrlState();
  const others = sets.filter((other) => other.id !== set.id);
  const against =
    others.find((other) => other.id === url.get('against')) ??
    others.find((other) => other.id === set.parent?.id) ??
    others[0];
  const split = set.balance.map((one) => one.split).find((one) => one === url.get('split')) ?? null;
  const [before, after] = [url.get('from'), url.get('to')];
  const cell =
    before !== null && after !== null && classes.includes(before) && classes.includes(after) ? { before, after } : null;
  return (
    <div className={styles.detail} data-testid="label-set-detail">
      <p className={styles.description}>
        {set.description} <Link href={routes.train({ dataset, labels: set.id })}>Train on this set</Link>
      </p>
      <div className={styles.columns}>
        <Balance set={set} classes={classes} deleted={deleted} />
        <section aria-label="Difference">
          <h3>{against ? <Choices set={set} others={others} against={against} split={split} /> : 'Difference'}</h3>
          {against ? (
            <Matrix from={against} to={set} split={split} classes={classes} />
          ) : (
            <p className="plot-note">There is no other set to compare it with.</p>
          )}
        </section>
      </div>
      {against && (
        <LabelChanges
          from={against}
          to={set}
          split={split}
          cell={cell}
          classes={classes}
          close={() => url.set({ from: null, to: null })}
        />
      )}
    </div>
  );
}

interface BalanceProps {
  set: LabelSet;
  classes: readonly string[];
  deleted: () => void;
}

function Balance({ set, classes, deleted }: BalanceProps): ReactNode {
  return (
    <section aria-label="Class balance">
      <h3>Class balance</h3>
      <ClassBalance
        classes={classes}
        colours={classColours(classes)}
        splits={set.balance.map((one) => ({ name: one.split.toLowerCase(), classCounts: one.classCounts }))}
      />
      <p className="plot-note">
        {imbalance(set)} Class-balanced sampling draws as many of every class as the smallest has.
      </p>
      {!own.includes(set.kind) && <DeleteButton set={set} deleted={deleted} />}
    </section>
  );
}

interface ChoicesProps {
  set: LabelSet;
  others: readonly LabelSet[];
  against: LabelSet;
  split: string | null;
}

/** With which set this one is compared, and of which split. */
function Choices({ set, others, against, split }: ChoicesProps): ReactNode {
  const url = useUrlState();
  return (
    <>
      What it changes in{' '}
      <NativeSelect
        size="xs"
        aria-label="Compare with"
        value={against.id}
        data={others.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => url.set({ against: event.currentTarget.value, from: null, to: null })}
      />{' '}
      <NativeSelect
        size="xs"
        aria-label="Split"
        value={split ?? ''}
        data={[
          { value: '', label: 'all splits' },
          ...set.balance.map((one) => ({ value: one.split, label: one.split.toLowerCase() })),
        ]}
        onChange={(event) => url.set({ split: event.currentTarget.value || null, from: null, to: null })}
      />
    </>
  );
}

function Matrix({
  from,
  to,
  split,
  classes,
}: {
  from: LabelSet;
  to: LabelSet;
  split: Split | null;
  classes: readonly string[];
}): ReactNode {
  const url = useUrlState();
  const things = useThings();
  const { data, previousData, error, refetch } = useQuery(LabelDiffDocument, {
    variables: { from: from.id, to: to.id, split },
  });
  const diff = (data ?? (error ? undefined : previousData))?.labelSet?.diff;
  if (error && !diff) return <Failure error={error} retry={refetch} />;
  if (!diff) return <Loading height={320} />;
  const counts = diff.counts.map((row) => row.map((count) => count ?? 0));
  const normalised = counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum > 0 ? count / sum : null));
  });
  const [row, column] = [classes.indexOf(url.get('from') ?? ''), classes.indexOf(url.get('to') ?? '')];
  const selected = row >= 0 && column >= 0 ? { row, column } : null;
  const choose = (next: ConfusionPlace): void =>
    url.set(
      selected && samePlace(selected, next)
        ? { from: null, to: null }
        : { from: classes[next.row!], to: classes[next.column!] },
    );
  return (
    <>
      <ConfusionMatrix
        classes={classes}
        counts={counts}
        normalised={normalised}
        show="counts"
        rowsTitle={from.name}
        columnsTitle={to.name}
        chosen={selected ? [selected] : []}
        cellsOnly
        onChoose={choose}
      />
      <p className="plot-note">
        {integer(diff.differing)} of {integer(diff.compared)} labels differ (
        {percent(diff.compared > 0 ? diff.differing / diff.compared : null)}).
        {diff.onlyInOne > 0 && ` ${integer(diff.onlyInOne)} samples have a label in one of the two only.`} Choose a cell
        to see its {things.many}.
      </p>
    </>
  );
}

function imbalance({ balance }: LabelSet): string {
  const counts = balance.find((one) => one.split === 'TRAIN')?.classCounts ?? balance[0]?.classCounts ?? [];
  const smallest = Math.min(...counts);
  return smallest > 0
    ? `In training the largest class is ${(Math.max(...counts) / smallest).toFixed(1)} times the smallest.`
    : 'In training a class has no samples.';
}

function DeleteButton({ set, deleted }: { set: LabelSet; deleted: () => void }): ReactNode {
  const [remove, { loading }] = useMutation(DeleteLabelSetDocument, { variables: { labelSet: set.id } });
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    try {
      await remove();
      deleted();
    } catch (error) {
      setProblem(errorWords(error));
      setAsked(false);
    }
  };
  return (
    <div className={styles.delete}>
      {problem && (
        <Alert color="red" role="alert" mb="xs">
          {problem}
        </Alert>
      )}
      {asked ? (
        <>
          <Button size="xs" color="red" loading={loading} onClick={() => void confirm()}>
            Delete “{set.name}” for good
          </Button>{' '}
          <Button size="xs" variant="default" onClick={() => setAsked(false)}>
            Keep it
          </Button>
        </>
      ) : (
        <Button size="xs" variant="subtle" color="gray" onClick={() => setAsked(true)}>
          Delete this set…
        </Button>
      )}
    </div>
  );
}
