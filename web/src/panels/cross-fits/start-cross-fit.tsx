'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Group, NativeSelect, NumberInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import {
  CrossFitPlanDocument,
  type CrossFitPlanQuery,
  CrossFitSettingsDocument,
  type CrossFitSettingsQuery,
  StartCrossFitDocument,
  type StartTrainingInput,
} from '../../graphql/generated/graphql';
import { duration, integer } from '../../theme/format';

interface Props {
  /** Whose settings and labels may be used. */
  runs: readonly { id: string; name: string }[];
  started: () => void;
}

const leastFolds = 2;
const mostFolds = 50;

/** Settings are those of a run; what it costs stands beside the button before it starts. */
export function StartCrossFit({ runs, started }: Props): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const [folds, setFolds] = useState(5);
  const run = chosen ?? runs[0]?.id ?? null;
  const settings = useQuery(CrossFitSettingsDocument, { variables: { run: run ?? '' }, skip: run === null });
  const input = inputOf(settings.data?.trainingRun ?? null);
  const { data, previousData } = useQuery(CrossFitPlanDocument, {
    variables: { input: input ?? { dataset: '' }, folds },
    skip: input === null,
  });
  const plan = (data ?? previousData)?.crossFitPlan;
  const [start, { loading, error }] = useMutation(StartCrossFitDocument);
  if (runs.length === 0)
    return <p className="plot-note">Train once on this data set: a cross-fit uses the settings of a run.</p>;
  const submit = (): void => void (input && start({ variables: { input, folds } }).then(started, () => undefined));
  return (
    <>
      <Group gap="xs" align="end">
        <NativeSelect
          size="xs"
          label="Settings and labels of"
          value={run ?? ''}
          data={runs.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
          style={{ minWidth: 0, maxWidth: '100%' }}
        />
        <NumberInput
          size="xs"
          label="Folds"
          w={80}
          min={leastFolds}
          max={mostFolds}
          value={folds}
          onChange={(value) => typeof value === 'number' && setFolds(value)}
        />
        <Button
          size="xs"
          loading={loading}
          disabled={!plan || plan.problems.length > 0}
          onClick={submit}
          data-testid="start-cross-fit"
        >
          Start {folds} trainings
        </Button>
      </Group>
      {plan && <PlanOfFolds plan={plan} />}
      {error && (
        <Alert color="red" role="alert" mt="xs">
          {error.message}
        </Alert>
      )}
    </>
  );
}

/** What it costs, what is wrong with it, and what is seldom meant. */
function PlanOfFolds({ plan }: { plan: CrossFitPlanQuery['crossFitPlan'] }): ReactNode {
  const { estimate, samples, subjects, problems, warnings } = plan;
  return (
    <>
      <p className="plot-note" data-testid="cross-fit-cost">
        <b>{estimate ? `About ${duration(estimate.seconds)} on one worker` : 'Nobody knows yet how long it takes'}</b>:{' '}
        {integer(samples)} samples
        {subjects > 0 && ` of ${integer(subjects)} subjects, each in one fold`}.
      </p>
      {problems.map(({ message }) => (
        <Alert key={message} color="red" role="alert" mt="xs">
          {message}
        </Alert>
      ))}
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" role="alert" mt="xs">
          {warning}
        </Alert>
      ))}
    </>
  );
}

function inputOf(run: CrossFitSettingsQuery['trainingRun'] | null): StartTrainingInput | null {
  if (!run?.configuration) return null;
  const settings = Object.entries(run.configuration).filter(([name, value]) => name !== '__typename' && value !== null);
  return { dataset: run.dataset.id, labelSet: run.labelSet.id, ...Object.fromEntries(settings) };
}
