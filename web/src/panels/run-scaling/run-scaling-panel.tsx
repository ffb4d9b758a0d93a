'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Group, NativeSelect } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import {
  CalibrateRunDocument,
  RunCalibrationsDocument,
  type RunCalibrationsQuery,
  type ScalingMethod,
  type ScalingTarget,
} from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { decimal, integer, percent } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure } from '../../theme/states';

type Result = NonNullable<RunCalibrationsQuery['trainingRun']>['calibrations'][number];

const methods: Record<ScalingMethod, string> = { TEMPERATURE: 'temperature', VECTOR: 'vector' };
const targets: Record<ScalingTarget, string> = { LABELS: 'labels', VOTES: 'votes' };

/** Makes the model as sure as it is right: fitted on validation, judged on test. */
export function RunScalingPanel({ run: id }: { run: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunCalibrationsDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  if (error && !run)
    return (
      <Panel title="Probabilities rescaled">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!run?.newest || run.kind !== 'TRAINING' || !run.dataset.splits.some(({ split }) => split === 'VALIDATION'))
    return null;
  return (
    <Panel title="Probabilities rescaled" note="fitted on validation, judged on test">
      <CalibrateForm run={id} done={() => void refetch()} />
      {run.calibrations.map((result) => (
        <Effects key={result.calibration.id} result={result} />
      ))}
    </Panel>
  );
}

function CalibrateForm({ run, done }: { run: string; done: () => void }): ReactNode {
  const [method, setMethod] = useState<ScalingMethod>('TEMPERATURE');
  const [target, setTarget] = useState<ScalingTarget>('LABELS');
  const [calibrate, { loading, error }] = useMutation(CalibrateRunDocument);
  const submit = (): void => void calibrate({ variables: { run, method, target } }).then(done, () => undefined);
  const options = (names: Record<string, string>): { value: string; label: string }[] =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Group gap="xs" align="end">
        <NativeSelect
          size="xs"
          label="Scaling"
          value={method}
          data={options(methods)}
          onChange={(event) => setMethod(event.currentTarget.value as ScalingMethod)}
        />
        <NativeSelect
          size="xs"
          label="Against"
          value={target}
          data={options(targets)}
          onChange={(event) => setTarget(event.currentTarget.value as ScalingTarget)}
        />
        <Button size="xs" variant="default" loading={loading} onClick={submit} data-testid="calibrate">
          Calibrate
        </Button>
      </Group>
      {error && (
        <Alert color="red" role="alert" mt="xs">
          {error.message}
        </Alert>
      )}
    </>
  );
}

function Effects({ result: { calibration, effects } }: { result: Result }): ReactNode {
  const { method, target, epoch, samples, temperature } = calibration;
  return (
    <>
      <p className="plot-note">
        {temperature === null ? 'Vector scaling' : `Temperature ${decimal(temperature)}`} of the checkpoint of epoch{' '}
        {epoch}, fitted to {targets[target]} of {integer(samples)} samples; saved with the model, for{' '}
        <code>predict(input: {`{ calibration: ${method} }`})</code>.
      </p>
      {effects.length > 0 && (
        <Table label={`What ${methods[method]} scaling to ${targets[target]} does on test`}>
          <thead>
            <tr>
              <th scope="col">Test, against</th>
              <th scope="col" data-number>
                Expected error
              </th>
              <th scope="col" data-number>
                Log-likelihood
              </th>
              <th scope="col" data-number>
                Brier
              </th>
              <th scope="col" data-number>
                Accuracy
              </th>
            </tr>
          </thead>
          <tbody>
            {effects.map(({ reference, before, after }) => (
              <tr key={reference}>
                <th scope="row">{reference.toLowerCase()}</th>
                <td data-number>
                  {decimal(before.ece)} → {decimal(after.ece)}
                </td>
                <td data-number>
                  {decimal(before.nll)} → {decimal(after.nll)}
                </td>
                <td data-number>
                  {decimal(before.brier)} → {decimal(after.brier)}
                </td>
                <td data-number>
                  {percent(before.accuracy)} → {percent(after.accuracy)}
                </td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}
