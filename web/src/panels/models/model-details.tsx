'use client';
import { ActionIcon } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { bytes, dateTime, integer, missing, percent } from '../../theme/format';
import { CloseIcon } from '../../theme/icons';
import { Facts, Panel } from '../../theme/panel';
import { Calibration } from './calibration';
import { Downloads } from './downloads';
import { FamilyActions, ModelActions } from './model-actions';
import { accuracyOf, networkOf, versionOf } from './model-columns';
import type { ModelRow } from './model-row';
import { SourceContents } from './source-contents';
import styles from './models.module.css';

interface DetailsProps {
  model: ModelRow;
  models: readonly ModelRow[];
  changed: () => void;
  failed: (message: string) => void;
  close: () => void;
}

/** Where a version comes from, how sure it is, what can be done with it. */
export function ModelDetails({ model, models, changed, failed, close }: DetailsProps): ReactNode {
  const production = models.find((one) => one.family === model.family && one.stage === 'PRODUCTION') ?? null;
  const children = models.filter((one) => one.parent?.id === model.id);
  return (
    <Panel
      title={versionOf(model)}
      note={model.name}
      span={5}
      aside={
        <ActionIcon variant="subtle" color="gray" aria-label="Close the details" onClick={close}>
          <CloseIcon />
        </ActionIcon>
      }
    >
      <ModelActions model={model} production={production} changed={changed} failed={failed} />
      {model.stage === 'PRODUCTION' && <FamilyActions family={model.family} changed={changed} failed={failed} />}
      <Facts
        facts={[
          ['Network', networkOf(model)],
          ['Parameters', integer(model.parameterCount)],
          ['Classes', model.classes.join(', ') || 'none'],
          ['Validation', percent(accuracyOf(model, 'VALIDATION'))],
          ['Test', percent(accuracyOf(model, 'TEST'))],
          ['Created', dateTime(model.createdAt)],
        ]}
      />
      <h3 className={styles.heading}>Lineage</h3>
      <Lineage model={model} />
      {children.length > 0 && <p>Started from it: {children.map(versionOf).join(', ')}.</p>}
      <h3 className={styles.heading}>Checkpoints</h3>
      {model.checkpoints.length === 0
        ? 'None yet.'
        : model.checkpoints.map((checkpoint) => (
            <Downloads key={checkpoint.id} checkpoint={checkpoint} only={model.kind === 'BACKBONE'} />
          ))}
      {model.run?.epoch && <Calibration run={model.run.id} />}
    </Panel>
  );
}

function Lineage({ model: { run, source, parent } }: { model: ModelRow }): ReactNode {
  return (
    <div className={styles.lineage}>
      {run && (
        <div>
          <Link href={routes.run(run.id)}>{run.name}</Link> <RunStateBadge state={run.state} /> on{' '}
          <Link href={routes.dataset(run.dataset.id)}>{run.dataset.name}</Link>
        </div>
      )}
      {source && (
        <div title={`sha256 ${source.sha256}`}>
          {source.fileName}, {bytes(source.bytes)}, names of {source.naming}
          {source.epoch === null ? '' : `, epoch ${source.epoch}`}
          {(source.bestAccuracy ?? source.accuracy)
            ? `, says ${(source.bestAccuracy ?? source.accuracy)!.toFixed(1)} % of itself`
            : ''}
          {source.contents && <SourceContents contents={source.contents} />}
        </div>
      )}
      {parent && (
        <div>
          started from {parent.family} v{parent.version}
        </div>
      )}
      {!run && !source && missing}
    </div>
  );
}
