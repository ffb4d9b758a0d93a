'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { RunLogDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Failure } from '../../theme/states';
import styles from './run-log.module.css';

/** The last lines that workers said of the run, newest first, and what they ran. */
export function RunLogPanel({ run: id }: { run: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunLogDocument, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const run = data?.trainingRun;
  useRefetchOn(run ? `${run.state} ${run.newest?.number ?? 0}` : undefined, refetch);
  if (error && !run)
    return (
      <Panel title="Log">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!run || run.log.nodes.length === 0) return null;
  const shown = run.log.nodes.length;
  const packages = run.packages.map(({ name, version }) => `${name} ${version}`).join(', ');
  return (
    <Panel
      title="Log"
      note={run.log.totalCount > shown ? `the last ${shown} of ${integer(run.log.totalCount)} lines` : undefined}
    >
      <ol className={styles.lines} tabIndex={0} aria-label="Log lines, newest first">
        {run.log.nodes.map((line) => (
          <li key={`${line.createdAt} ${line.text}`} data-level={line.level}>
            <time dateTime={line.createdAt}>{new Date(line.createdAt).toLocaleTimeString('en-GB')}</time> {line.text}
          </li>
        ))}
      </ol>
      <p className="plot-note">
        {run.worker && `Worker ${run.worker.host}, process ${run.worker.pid}. `}
        {run.codeVersion && `Version ${run.codeVersion}. `}
        {packages}
      </p>
    </Panel>
  );
}
