'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { WorkersDocument, type WorkersQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { bytes, integer, missing } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

type Worker = WorkersQuery['workers'][number];

const pollMilliseconds = 5_000;

/** Processes that train, on this machine and others: what they run on, and what they have. */
export function WorkersPanel(): ReactNode {
  const { data, error, refetch } = useQuery(WorkersDocument, {
    fetchPolicy: 'cache-and-network',
    pollInterval: pollMilliseconds,
  });
  const workers = data?.workers;
  if (!workers)
    return <Panel title="Workers">{error ? <Failure error={error} retry={refetch} /> : <Loading height={80} />}</Panel>;
  if (workers.length === 0)
    return (
      <Panel title="Workers">
        <p style={{ margin: 0 }}>
          <b>{data.workerTrouble ? 'No worker can start:' : 'No worker is there:'}</b>{' '}
          {data.workerTrouble ?? 'runs wait.'} One that ended is started again by itself;{' '}
          <code>npm run adadf -- worker</code> with <code>DATABASE_URL</code> adds one, on any machine.
        </p>
      </Panel>
    );
  const training = workers.filter((worker) => worker.state === 'TRAINING').length;
  return (
    <Panel
      title="Workers"
      note={`${workers.length}, ${training} training`}
      query={{ document: WorkersDocument, variables: {} }}
      flush
    >
      <Table label="Workers">
        <thead>
          <tr>
            <th scope="col">Machine</th>
            <th scope="col">Backend</th>
            <th scope="col">Device</th>
            <th scope="col" data-number>
              Threads
            </th>
            <th scope="col" data-number>
              Memory
            </th>
            <th scope="col" data-number>
              Images/s
            </th>
            <th scope="col">Trains</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((worker) => (
            <Row key={worker.id} worker={worker} />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

function Row({ worker }: { worker: Worker }): ReactNode {
  const passedOver = worker.passedOver.map(({ backend, reason }) => `${backend}: ${reason}`).join('\n');
  return (
    <tr>
      <th scope="row" title={`process ${worker.pid}, version ${worker.codeVersion}`}>
        {worker.host}
      </th>
      <td title={passedOver === '' ? 'asked for by name' : `Passed over:\n${passedOver}`}>
        {worker.backend}
        {worker.gpu && ' (GPU)'}
      </td>
      <td>{worker.device}</td>
      <td data-number>{worker.threads}</td>
      <td data-number>{bytes(worker.memoryBytes)}</td>
      <td data-number title="in its newest epoch">
        {worker.imagesPerSecond === null ? missing : integer(Math.round(worker.imagesPerSecond))}
      </td>
      <td>{worker.run ? <Link href={routes.run(worker.run.id)}>{worker.run.name}</Link> : 'waits'}</td>
    </tr>
  );
}
