'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { RunParentDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { Panel } from '../../theme/panel';
import { Pair } from './pair';

/** Before and after, for a run that retrains another: on test, both by the labels of the run after. */
export function RunComparisonPanel({ run: id }: { run: string }): ReactNode {
  const { data, refetch } = useQuery(RunParentDocument, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  if (!run?.parent?.epoch || !run.newest) return null;
  return (
    <Panel
      title="Against the run before"
      note={
        <>
          <Link href={routes.run(run.parent.id)}>{run.parent.name}</Link>, on test, both by the labels of this run
        </>
      }
      aside={<Link href={routes.compare([run.parent.id, id], { labels: 'AFTER' })}>other splits and labels</Link>}
    >
      <Pair key={run.newest.number} choice={{ before: run.parent.id, after: id, split: 'TEST', labels: 'AFTER' }} />
    </Panel>
  );
}
