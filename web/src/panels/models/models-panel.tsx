'use client';
import { useQuery } from '@apollo/client/react';
import { Alert } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { ModelsDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { bytes, dateTime, enumName, integer, missing, percent } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { ImportModel } from './import-model';
import { FamilyActions, ModelActions } from './model-actions';
import type { ModelRow } from './model-row';
import styles from './models.module.css';

const columns = 8;

export function ModelsPanel(): ReactNode {
  const { data, error, refetch } = useQuery(ModelsDocument, { fetchPolicy: 'cache-and-network' });
  const [problem, setProblem] = useState<string | null>(null);
  const models = data?.models;
  const changed = (): void => {
    setProblem(null);
    void refetch();
  };
  const families = [...new Set(models?.map(({ family }) => family))];
  return (
    <Panel
      title="Models"
      note={models && models.length > 0 ? `${models.length} in ${families.length} families` : undefined}
      aside={<ImportModel imported={changed} />}
      flush
    >
      {problem && (
        <Alert color="red" role="alert" m="sm" withCloseButton onClose={() => setProblem(null)}>
          {problem}
        </Alert>
      )}
      {error && !models ? (
        <Failure error={error} retry={refetch} />
      ) : !models ? (
        <Loading height={260} />
      ) : models.length === 0 ? (
        <Empty title="No models yet">
          <p>
            Every training run makes one. Open a data set on the <Link href={routes.overview}>overview</Link> and start
            training, or import weights here.
          </p>
        </Empty>
      ) : (
        <Table label="Models">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Stage</th>
              <th scope="col">Network</th>
              <th scope="col">Comes from</th>
              <th scope="col" data-number>
                Accuracy
              </th>
              <th scope="col">Checkpoints</th>
              <th scope="col" data-number>
                Created
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          {families.map((family) => (
            <Family
              key={family}
              family={family}
              models={models.filter((model) => model.family === family)}
              changed={changed}
              failed={setProblem}
            />
          ))}
        </Table>
      )}
    </Panel>
  );
}

interface Reports {
  changed: () => void;
  failed: (message: string) => void;
}

function Family({ family, models, ...reports }: { family: string; models: ModelRow[] } & Reports): ReactNode {
  const production = models.find(({ stage }) => stage === 'PRODUCTION');
  return (
    <tbody>
      <tr className={styles.family}>
        <th scope="rowgroup" colSpan={columns - 1}>
          {family}
          <span>{production ? `version ${production.version} in production` : 'nothing in production'}</span>
        </th>
        <td>{production && <FamilyActions family={family} {...reports} />}</td>
      </tr>
      {models.map((model) => (
        <Row key={model.id} model={model} {...reports} />
      ))}
    </tbody>
  );
}

function Row({ model, ...reports }: { model: ModelRow } & Reports): ReactNode {
  return (
    <tr data-testid={`model-${model.id}`}>
      <th scope="row">
        <span className="numbers">v{model.version}</span> {model.name}
      </th>
      <td>
        <span className={styles.stage} data-stage={model.stage}>
          {enumName(model.stage)}
        </span>
      </td>
      <td
        className="numbers"
        title={`${integer(model.parameterCount)} parameters; classes: ${model.classes.join(', ') || 'none'}`}
      >
        {model.kind === 'BACKBONE' ? 'Backbone ' : ''}
        {enumName(model.backbone)} ×{model.width}, {model.imageSize} px
        {model.classes.length > 0 ? `, ${model.classes.length} classes` : ''}
      </td>
      <td>
        <Lineage model={model} />
      </td>
      <td data-number>
        <Accuracy model={model} />
      </td>
      <td>
        {model.checkpoints.length === 0
          ? missing
          : model.checkpoints.map((checkpoint) => (
              <Downloads key={checkpoint.id} checkpoint={checkpoint} only={model.kind === 'BACKBONE'} />
            ))}
      </td>
      <td data-number>{dateTime(model.createdAt)}</td>
      <td>
        <ModelActions model={model} {...reports} />
      </td>
    </tr>
  );
}

/** What of the file was taken, under which names, and what was left out. */
function Contents({ contents }: { contents: NonNullable<NonNullable<ModelRow['source']>['contents']> }): ReactNode {
  const { part, moduleClass, mapping, leftOut, objects, otherParts } = contents;
  const rows = [
    moduleClass && `a whole module of class ${moduleClass}`,
    mapping.length > 0 && `names: ${mapping.map(({ file, here }) => `${file || '…'} → ${here || '…'}`).join(', ')}`,
    leftOut.length > 0 && `left out: ${leftOut.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')}`,
    objects.length > 0 && `objects, not made: ${objects.join(', ')}`,
    otherParts.length > 0 && `other networks in the file: ${otherParts.join(', ')}`,
  ].filter((row) => row !== false && row !== null && row !== '');
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{part === 'all' ? 'what was taken' : `taken from ${part}`}</summary>
      {rows.map((row) => (
        <div key={row as string}>{row}</div>
      ))}
    </details>
  );
}

function Lineage({ model: { run, source, parent } }: { model: ModelRow }): ReactNode {
  return (
    <>
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
          {source.contents && <Contents contents={source.contents} />}
        </div>
      )}
      {parent && (
        <div>
          started from {parent.family} v{parent.version}
        </div>
      )}
      {!run && !source && missing}
    </>
  );
}

/**
 * On validation, else test, else train, of the newest epoch; of what was imported its newest evaluation, else what its
 * file says.
 */
function Accuracy({ model: { run, evaluations, source } }: { model: ModelRow }): ReactNode {
  const measured = run
    ? { epoch: run.epoch, where: run.dataset.name }
    : evaluations.map(({ record }) => ({ epoch: record.epoch, where: record.dataset.name })).find(({ epoch }) => epoch);
  const metrics = (['VALIDATION', 'TEST', 'TRAIN'] as const)
    .map((split) => measured?.epoch?.metrics.find((one) => one.split === split))
    .find((one) => one !== undefined);
  if (metrics)
    return <span title={`on ${metrics.split.toLowerCase()} of ${measured?.where}`}>{percent(metrics.accuracy)}</span>;
  const said = source?.bestAccuracy ?? source?.accuracy ?? null;
  return said === null ? missing : <span title="as its file says; not measured here">({said.toFixed(1)} %)</span>;
}

const formatNames: Readonly<Record<string, string>> = {
  SAFETENSORS: 'safetensors',
  PYTORCH: 'pth.tar',
  ONNX_NHWC: 'ONNX',
  ONNX_NCHW: 'ONNX (NCHW)',
};

function Downloads({ checkpoint, only }: { checkpoint: ModelRow['checkpoints'][number]; only: boolean }): ReactNode {
  const files = checkpoint.exports.filter(({ format }) => !only || format === 'SAFETENSORS');
  return (
    <div className={styles.files}>
      <span className="numbers" title={`${bytes(checkpoint.bytes)}, sha256 ${checkpoint.sha256}`}>
        {checkpoint.kind.toLowerCase()}, epoch {checkpoint.epoch}:
      </span>
      {files.map(({ format, url }) => (
        <a key={format} href={url} download>
          {formatNames[format] ?? format}
        </a>
      ))}
    </div>
  );
}
