'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Accordion, Alert, Button, Group, Modal, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent, type ReactNode } from 'react';
import { StartTrainingDocument, TrainableLabelSetsDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { integer } from '../../theme/format';
import { PlayIcon } from '../../theme/icons';
import {
  inputOf,
  mainFields,
  methodFields,
  presets,
  type Field,
  type FieldName,
  type FormValues,
  type Preset,
} from './fields';
import { serverErrors, type StartErrors } from './server-errors';
import styles from './start-training.module.css';

const noErrors: StartErrors = { fields: {}, form: [] };

/** The button that opens the form. */
export function StartTrainingPanel({ dataset }: { dataset: string }): ReactNode {
  const [opened, { open, close }] = useDisclosure(false);
  const small = useMediaQuery('(max-width: 640px)');
  return (
    <>
      <Button size="sm" leftSection={<PlayIcon />} onClick={open} data-testid="start-training">
        Start training
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Start training"
        size="xl"
        fullScreen={small}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <StartForm dataset={dataset} />
      </Modal>
    </>
  );
}

function StartForm({ dataset }: { dataset: string }): ReactNode {
  const router = useRouter();
  const [start, { loading }] = useMutation(StartTrainingDocument);
  const [preset, setPreset] = useState<Preset>('quick');
  const [values, setValues] = useState<FormValues>(presets.quick.values);
  const [errors, setErrors] = useState<StartErrors>(noErrors);
  const change = (name: FieldName, value: string): void => {
    setValues((before) => ({ ...before, [name]: value }));
    setErrors((before) => ({ ...before, fields: { ...before.fields, [name]: undefined } }));
  };
  const choose = (next: Preset): void => {
    setPreset(next);
    setValues((before) => ({
      ...presets[next].values,
      name: before.name,
      labelSet: before.labelSet,
      seed: before.seed,
    }));
    setErrors(noErrors);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const result = inputOf(dataset, values);
    if ('errors' in result) return setErrors({ fields: result.errors, form: [] });
    try {
      const { data } = await start({ variables: { input: result.input } });
      if (data) router.push(routes.run(data.startTraining.id));
    } catch (error) {
      setErrors(serverErrors(error, Object.keys(values)));
    }
  };
  const inMethod = methodFields.some((field) => errors.fields[field.name] !== undefined);
  const parts = { values, errors: errors.fields, change };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <SegmentedControl
        fullWidth
        aria-label="Preset"
        value={preset}
        onChange={(value) => choose(value as Preset)}
        data={Object.entries(presets).map(([value, { label }]) => ({ value, label }))}
      />
      <p className={styles.hint}>{presets[preset].hint} Empty fields take the server’s default.</p>
      {errors.form.map((message) => (
        <Alert key={message} color="red" mb="sm" role="alert">
          {message}
        </Alert>
      ))}
      <TextInput
        label="Name"
        description="empty: named by the server"
        value={values.name}
        error={errors.fields.name}
        onChange={(event) => change('name', event.currentTarget.value)}
        mb="sm"
        data-autofocus
      />
      <LabelSetControl
        dataset={dataset}
        value={values.labelSet}
        error={errors.fields.labelSet}
        onChange={(value) => change('labelSet', value)}
      />
      <div className={styles.fields}>
        {mainFields.map((field) => (
          <Control key={field.name} field={field} {...parts} />
        ))}
      </div>
      <Accordion key={String(inMethod)} variant="contained" mt="md" defaultValue={inMethod ? 'method' : null}>
        <Accordion.Item value="method">
          <Accordion.Control fz="sm">Ada-DF: distributions, attention, losses</Accordion.Control>
          <Accordion.Panel>
            <div className={styles.fields}>
              {methodFields.map((field) => (
                <Control key={field.name} field={field} {...parts} />
              ))}
            </div>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
      <Group justify="flex-end" mt="md">
        <Button type="submit" size="sm" loading={loading} leftSection={<PlayIcon />}>
          Start
        </Button>
      </Group>
    </form>
  );
}

/** Which labels to train on; hidden while there is only one set. */
function LabelSetControl({
  dataset,
  value,
  error,
  onChange,
}: {
  dataset: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}): ReactNode {
  const { data } = useQuery(TrainableLabelSetsDocument, { variables: { dataset }, fetchPolicy: 'cache-and-network' });
  const sets = data?.dataset?.labelSets ?? [];
  if (sets.length < 2) return null;
  const choices = sets.map(({ id, name, labelled, missing }) => ({
    value: id,
    label: missing > 0 ? `${name} (${integer(labelled)} labelled, ${integer(missing)} left out)` : name,
  }));
  return (
    <NativeSelect
      label="Labels"
      description="what training learns from and is measured by"
      value={value}
      error={error}
      data={[{ value: '', label: 'default: given' }, ...choices]}
      onChange={(event) => onChange(event.currentTarget.value)}
      mb="sm"
    />
  );
}

interface ControlProps {
  field: Field;
  values: FormValues;
  errors: StartErrors['fields'];
  change: (name: FieldName, value: string) => void;
}

function Control({ field, values, errors, change }: ControlProps): ReactNode {
  const shared = {
    label: field.label,
    description: field.hint,
    value: values[field.name],
    error: errors[field.name],
    name: field.name,
  };
  if (field.kind === 'choice') {
    return (
      <NativeSelect
        {...shared}
        data={[{ value: '', label: 'default' }, ...field.choices]}
        onChange={(event) => change(field.name, event.currentTarget.value)}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      placeholder="default"
      inputMode={field.kind === 'text' ? 'text' : field.kind === 'integer' ? 'numeric' : 'decimal'}
      autoComplete="off"
      onChange={(event) => change(field.name, event.currentTarget.value)}
    />
  );
}
