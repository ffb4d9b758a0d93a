'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ModelsDocument, type ModelsQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { bytes, dateTime, enumName, integer, missing, percent } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';

type Model = ModelsQuery['models'][number];

export function ModelsPanel(): ReactNode {
  const { data, error, refetch } = useQuery(ModelsDocument, { fetchPolicy: 'cache-and-network' });
  const models = data?.models;
  return (
    <Panel title="Models" note={models && models.length > 0 ? `${models.length} with ${models.reduce((sum, model) => sum + model.checkpoints.length, 0)} checkpoints` : undefined} flush>
      {error && !models ? <Failure error={error} retry={refetch} /> : !models ? <Loading height={260} /> : models.length === 0 ? (
        <Empty title="No models yet"><p>Every training run makes one, with its newest and its best checkpoint. Open a data set on the <Link href={routes.overview}>overview</Link> and start training.</p></Empty>
      ) : (
        <Table label="Models">
          <thead>
            <tr><th scope="col">Model</th><th scope="col">Network</th><th scope="col" data-number>Parameters</th><th scope="col">Run</th><th scope="col">Data set</th><th scope="col" data-number>Accuracy</th><th scope="col">Checkpoints</th><th scope="col" data-number>Created</th></tr>
          </thead>
          <tbody>{models.map((model) => <Row key={model.id} model={model} />)}</tbody>
        </Table>
      )}
    </Panel>
  );
}

function Row({ model }: { model: Model }): ReactNode {
  const { run } = model;
  const metrics = (['VALIDATION', 'TEST', 'TRAIN'] as const).map((split) => run?.epoch?.metrics.find((one) => one.split === split)).find((one) => one !== undefined);
  return (
    <tr>
      <th scope="row">{model.name}</th>
      <td className="numbers">{enumName(model.backbone)} ×{model.width}, {model.imageSize} px, {model.classes.length} classes</td>
      <td data-number>{integer(model.parameterCount)}</td>
      <td>{run ? <><Link href={routes.run(run.id)}>{run.name}</Link> <RunStateBadge state={run.state} /></> : missing}</td>
      <td>{run ? <Link href={routes.dataset(run.dataset.id)}>{run.dataset.name}</Link> : missing}</td>
      <td data-number title={metrics && `on ${metrics.split.toLowerCase()}, epoch ${run?.epoch?.number}`}>{percent(metrics?.accuracy)}</td>
      <td>{model.checkpoints.length === 0 ? missing : model.checkpoints.map((checkpoint) => <div key={checkpoint.id} className="numbers" title={`sha256 ${checkpoint.sha256}`}>{checkpoint.kind.toLowerCase()}, epoch {checkpoint.epoch}, {bytes(checkpoint.bytes)} <code className="plot-weak">{checkpoint.sha256.slice(0, 10)}</code></div>)}</td>
      <td data-number>{dateTime(model.createdAt)}</td>
    </tr>
  );
}
