'use client';
import { useQuery } from '@apollo/client/react';
import { Button, SegmentedControl } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { RunChangesDocument, type ChangeKind, type RunChangesQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { integer } from '../../theme/format';
import { Failure, Loading } from '../../theme/states';
import type { Comparison, PairChoice } from './comparison';
import { thingsOf } from '../../theme/things';
import styles from './run-comparison.module.css';

const pageSize = 24;
type Change = RunChangesQuery['runComparison']['changes']['nodes'][number];

interface PairChangesProps {
  choice: PairChoice;
  classes: readonly string[];
  counts: Comparison['counts'];
}

/** The faces on which the runs differ, with both labels and both predictions. */
export function PairChanges({ choice, classes, counts }: PairChangesProps): ReactNode {
  const [kind, setKind] = useState<ChangeKind | 'ALL'>('ALL');
  const [first, setFirst] = useState(pageSize);
  const { data, previousData, error, refetch } = useQuery(RunChangesDocument, {
    variables: { ...choice, kind: kind === 'ALL' ? null : kind, first },
  });
  const changes = (data ?? previousData)?.runComparison.changes;
  const all = counts.label + counts.prediction + counts.both;
  return (
    <section aria-label={`${thingsOf(classes).Many} that changed`}>
      <h3 className={styles.heading}>{thingsOf(classes).Many} that changed</h3>
      <SegmentedControl
        aria-label="What changed"
        value={kind}
        data={[
          { value: 'ALL', label: `all ${integer(all)}` },
          { value: 'LABEL', label: `label ${integer(counts.label)}` },
          { value: 'PREDICTION', label: `prediction ${integer(counts.prediction)}` },
          { value: 'BOTH', label: `both ${integer(counts.both)}` },
        ]}
        onChange={(value) => setKind(value as typeof kind)}
      />
      {error && !changes ? (
        <Failure error={error} retry={refetch} />
      ) : !changes ? (
        <Loading height={160} />
      ) : (
        <ul className={styles.changes}>
          {changes.nodes.map((change) => (
            <ChangedFace key={change.sample.id} change={change} run={choice.after} />
          ))}
        </ul>
      )}
      {changes && changes.totalCount > changes.nodes.length && (
        <Button variant="light" onClick={() => setFirst(first + pageSize)}>
          {integer(changes.totalCount - changes.nodes.length)} more
        </Button>
      )}
    </section>
  );
}

function ChangedFace({ change, run }: { change: Change; run: string }): ReactNode {
  const { sample, labelBefore, labelAfter, predictionBefore, predictionAfter } = change;
  return (
    <li>
      <Link href={routes.sample(sample.id, { run })} data-testid="changed-face">
        <img src={sample.imageUrl} alt={sample.key} width={84} height={84} loading="lazy" />
        <span>label {labelBefore === labelAfter ? labelAfter : <b>{`${labelBefore} → ${labelAfter}`}</b>}</span>
        <span>
          says{' '}
          {predictionBefore === predictionAfter ? predictionAfter : <b>{`${predictionBefore} → ${predictionAfter}`}</b>}
        </span>
      </Link>
    </li>
  );
}
