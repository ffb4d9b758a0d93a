'use client';
import { NativeSelect, TextInput } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { integer } from '../../theme/format';
import type { FormData, FormState, Problems } from './settings-form';
import styles from './start-training.module.css';

export interface WhatToTrainProps {
  data: FormData;
  form: FormState;
  change: (part: Partial<FormState>) => void;
  problems: Problems;
}

/** Fields here, by what the server calls them; the others are settings. */
export const whatToTrain: Readonly<Record<string, string>> = {
  dataset: 'Data set',
  labelSet: 'Labels',
  initialWeights: 'Weights to begin with',
  worker: 'Worker',
  name: 'Name',
};

/** Name, faces, labels, weights to begin with, and the worker. */
export function WhatToTrain({ data, form, change, problems }: WhatToTrainProps): ReactNode {
  const dataset = data.datasets.find(({ id }) => id === form.dataset);
  const sets = (dataset?.labelSets ?? []).map(({ id, name, labelled, missing }) => ({
    value: id,
    label: missing > 0 ? `${name} (${integer(labelled)} labelled, ${integer(missing)} left out)` : name,
  }));
  return (
    <div className={styles.fields}>
      <NativeSelect
        id="setting-dataset"
        label={whatToTrain['dataset']}
        value={form.dataset}
        error={problems['dataset']}
        data={data.datasets.map(({ id, name, sampleCount }) => ({
          value: id,
          label: `${name} (${integer(sampleCount)})`,
        }))}
        onChange={(event) => change({ dataset: event.currentTarget.value, labelSet: '' })}
      />
      <NativeSelect
        id="setting-labelSet"
        label={whatToTrain['labelSet']}
        description="what training learns from and is measured by"
        value={form.labelSet}
        error={problems['labelSet']}
        data={[{ value: '', label: 'given' }, ...sets.filter(({ label }) => label !== 'given')]}
        onChange={(event) => change({ labelSet: event.currentTarget.value })}
      />
      <WeightsField data={data} form={form} change={change} problem={problems['initialWeights']} />
      <NativeSelect
        id="setting-worker"
        label={whatToTrain['worker']}
        value={form.worker}
        data={[
          { value: '', label: 'any' },
          { value: 'GPU', label: 'one with a GPU; the run waits for it' },
        ]}
        onChange={(event) => change({ worker: event.currentTarget.value })}
      />
      <TextInput
        id="setting-name"
        label={whatToTrain['name']}
        description="empty: its data set, what is not as usual, seed and time"
        value={form.name}
        error={problems['name']}
        maxLength={100}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
    </div>
  );
}

interface WeightsFieldProps extends Omit<WhatToTrainProps, 'problems'> {
  problem: string | undefined;
}

function WeightsField({ data, form, change, problem }: WeightsFieldProps): ReactNode {
  return (
    <NativeSelect
      id="setting-initialWeights"
      label={whatToTrain['initialWeights']}
      description={
        form.recipe ? (
          <>
            The paper begins with a face-recognition ResNet-18: <Link href={routes.models}>import one</Link>.
          </>
        ) : (
          'of the same backbone and width'
        )
      }
      value={form.initialWeights}
      error={problem}
      data={[{ value: '', label: form.recipe ? 'not chosen yet' : 'drawn from the seed' }, ...weights(data, form)]}
      onChange={(event) => change({ initialWeights: event.currentTarget.value })}
    />
  );
}

/** Models that have weights, those whose network is another marked. */
function weights({ models }: FormData, { recipe }: FormState): { value: string; label: string }[] {
  return [
    ...(recipe ? [{ value: 'NONE', label: 'none: drawn from the seed' }] : []),
    ...models
      .filter(({ checkpoints }) => checkpoints.length > 0)
      .map(({ id, name, version, backbone, width }) => ({
        value: id,
        label: `${name} v${version} (${backbone.toLowerCase()}, width ${width})`,
      })),
  ];
}
