'use client';
import { Button, Menu } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { serverPath } from '../../graphql/address';
import { routes } from '../../navigation/routes';
import { CancelButton } from './cancel-button';
import { DeleteRun } from './delete-run';
import { EditRun } from './edit-run';
import { endedInNumbers } from './failed-run';
import { PromoteRun } from './promote-run';
import { ResumeRun } from './resume-run';
import { isUnderWay, type RunStatus } from './run-status';
import styles from './run-status.module.css';

type Dialog = 'edit' | 'delete' | 'promote' | 'resume';

/** What one does next with a run: what it needs to have for that is there. */
export function RunActions({ run }: { run: RunStatus }): ReactNode {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => setDialog(null);
  const recorded = run.epoch !== null;
  const underWay = isUnderWay(run);
  return (
    <div className={styles.actions} role="group" aria-label="What to do with the run" data-testid="run-actions">
      {recorded && (
        <>
          <Way href={routes.runSamples(run.id)}>Samples</Way>
          <Way href={`${routes.explore}?run=${run.id}`}>Explore</Way>
          <Way href={routes.review({ dataset: run.dataset.id, run: run.id })}>Review labels and retrain</Way>
          <Way
            href={
              run.parent ? routes.compare([run.parent.id, run.id], { labels: 'AFTER' }) : `${routes.runs}?sel=${run.id}`
            }
          >
            Compare
          </Way>
        </>
      )}
      {run.configuration && <Way href={routes.train({ from: run.id })}>Start again with changes</Way>}
      {underWay && <CancelButton run={run} />}
      {!underWay && run.configuration && !endedInNumbers(run) && (
        <Button variant="default" onClick={() => setDialog('resume')} data-testid="resume-run">
          {run.state === 'COMPLETED' ? 'Train longer…' : 'Go on…'}
        </Button>
      )}
      <More run={run} open={setDialog} />
      {dialog === 'edit' && <EditRun run={run} close={close} />}
      {dialog === 'delete' && <DeleteRun run={run} close={close} />}
      {dialog === 'promote' && run.model && <PromoteRun model={run.model} close={close} />}
      {dialog === 'resume' && <ResumeRun run={run} close={close} />}
    </div>
  );
}

function Way({ href, children }: { href: string; children: ReactNode }): ReactNode {
  return (
    <Button component={Link} href={href} variant="default">
      {children}
    </Button>
  );
}

function More({ run, open }: { run: RunStatus; open: (dialog: Dialog) => void }): ReactNode {
  const checkpoints = run.model?.checkpoints ?? [];
  const promotable = run.state === 'COMPLETED' && checkpoints.length > 0 && run.model?.stage !== 'PRODUCTION';
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" data-testid="run-more">
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => open('edit')}>Name, tags, notes…</Menu.Item>
        {promotable && <Menu.Item onClick={() => open('promote')}>Promote its model…</Menu.Item>}
        {run.model && (
          <Menu.Item component={Link} href={`${routes.models}?model=${run.model.id}`}>
            Its model: evaluate, predict, export
          </Menu.Item>
        )}
        {run.epoch && (
          <Menu.Item component="a" href={serverPath(`/columns/${run.id}/epochs/${run.epoch.number}.arrow`)} download>
            Every sample’s numbers (Arrow)
          </Menu.Item>
        )}
        {checkpoints.flatMap(({ id, kind, epoch, exports }) =>
          exports.map(({ format, url }) => (
            <Menu.Item key={`${id} ${format}`} component="a" href={url} download>
              Weights {kind.toLowerCase()}, epoch {epoch} ({format})
            </Menu.Item>
          )),
        )}
        {!isUnderWay(run) && (
          <>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => open('delete')}>
              Delete…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
