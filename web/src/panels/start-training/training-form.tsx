'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent, type ReactNode } from 'react';
import { StartTrainingDocument, TrainingPlanDocument, type TrainingPlanQuery } from '../../graphql/generated/graphql';
import { newKey } from '../../graphql/outbox/entry';
import { routes } from '../../navigation/routes';
import { PlayIcon } from '../../theme/icons';
import { Panel } from '../../theme/panel';
import { PlanFacts } from './plan-facts';
import { serverErrors, type StartErrors, wordsBeside } from './server-errors';
import { SettingGroups } from './setting-groups';
import { beginnings, inputOf, type FormData, type FormState, type Problems } from './settings-form';
import styles from './start-training.module.css';
import { whatToTrain, WhatToTrain } from './what-to-train';

/** After the last key the server is asked what would come of it. */
const planAfterMilliseconds = 400;
const noErrors: StartErrors = { fields: {}, form: [] };

export function TrainingForm({ data, start }: { data: FormData; start: FormState }): ReactNode {
  const [form, setForm] = useState(start);
  const { problems, plan, refused, submit, loading } = useTraining(form, data);
  const change = (part: Partial<FormState>): void => setForm((before) => ({ ...before, ...part }));
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void submit();
  };
  const number = Object.keys(problems).length;
  return (
    <form onSubmit={send} noValidate className={styles.form}>
      <Panel title="What to train">
        <Beginning form={form} change={change} />
        <WhatToTrain data={data} form={form} change={change} problems={problems} />
      </Panel>
      <div className={styles.start}>
        <PlanFacts plan={plan} />
        {refused.map((message) => (
          <Alert key={message} color="red" role="alert">
            {message}
          </Alert>
        ))}
        {number > 0 && (
          <Alert
            color="red"
            role="alert"
            title={number === 1 ? 'One value will not do' : `${number} values will not do`}
          >
            <ul className={styles.problems}>
              {Object.entries(problems).map(([name, message]) => (
                <li key={name}>
                  <a href={`#setting-${name}`}>{labelOf(data, name)}</a>: {message}
                </li>
              ))}
            </ul>
          </Alert>
        )}
        <Button
          type="submit"
          size="md"
          loading={loading}
          disabled={number > 0}
          leftSection={<PlayIcon />}
          data-testid="start"
        >
          Start
        </Button>
      </div>
      <SettingGroups settings={data.trainingSettings} form={form} change={change} problems={problems} />
    </form>
  );
}

function labelOf(data: FormData, name: string): string {
  const setting = data.trainingSettings.find((one) => one.name === name);
  return setting?.label ?? whatToTrain[name] ?? name;
}

interface PartProps {
  form: FormState;
  change: (part: Partial<FormState>) => void;
}

/** Presets: what they set stands in the fields below, marked. */
function Beginning({ form, change }: PartProps): ReactNode {
  const typed = JSON.stringify(form.typed);
  const now = beginnings.find(
    (one) => one.recipe === form.recipe && (one.recipe !== null || JSON.stringify(one.typed) === typed),
  );
  return (
    <>
      <div className={styles.beginning}>
        <SegmentedControl
          aria-label="Begin with"
          value={now?.key ?? 'own'}
          data={[
            ...beginnings.map(({ key, label }) => ({ value: key, label })),
            ...(now ? [] : [{ value: 'own', label: 'Own' }]),
          ]}
          onChange={(key) => {
            const chosen = beginnings.find((one) => one.key === key);
            if (chosen) change({ typed: chosen.typed, recipe: chosen.recipe, preset: null });
          }}
        />
      </div>
      <p className={styles.hint}>{now?.hint ?? 'Settings of your own; they are marked below.'}</p>
    </>
  );
}

interface Training {
  /** By the name of the field. */
  problems: Problems;
  plan: TrainingPlanQuery['trainingPlan'] | null;
  refused: readonly string[];
  submit: () => Promise<void>;
  loading: boolean;
}

/** What the form would do, as the server says it while one types, and the mutation that does it. */
function useTraining(form: FormState, data: FormData): Training {
  const router = useRouter();
  const [settled] = useDebouncedValue(form, planAfterMilliseconds);
  const asked = inputOf(settled, data.trainingSettings);
  const { data: answer, previousData } = useQuery(TrainingPlanDocument, { variables: { input: asked.input } });
  const [start, { loading }] = useMutation(StartTrainingDocument);
  const [errors, setErrors] = useState(noErrors);
  // The same form sent twice, because the first answer was lost, starts one run.
  const [key, setKey] = useState(newKey);
  const plan = (answer ?? previousData)?.trainingPlan ?? null;
  const { input, problems: unread } = inputOf(form, data.trainingSettings);
  const told = Object.fromEntries(
    (plan?.problems ?? []).map(({ path, message }) => [path.split('.').at(-1)!, wordsBeside(message)]),
  );
  const submit = async (): Promise<void> => {
    setErrors(noErrors);
    try {
      const { data: made } = await start({ variables: { input, key } });
      if (made) router.push(routes.run(made.startTraining.id));
    } catch (error) {
      setErrors(serverErrors(error, [...Object.keys(whatToTrain), ...data.trainingSettings.map(({ name }) => name)]));
      setKey(newKey());
    }
  };
  return { problems: { ...told, ...errors.fields, ...unread }, plan, refused: errors.form, submit, loading };
}
