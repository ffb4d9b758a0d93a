'use client';
import { useQuery } from '@apollo/client/react';
import { Checkbox, NativeSelect } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { PredictingModelsDocument } from '../../graphql/generated/graphql';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { Answers } from './answers';
import { ImageSources } from './image-sources';
import { useAsked, type Asking } from './use-asked';
import styles from './predict-image.module.css';

/** Asks a model about pictures from this computer: dropped, pasted, chosen, or of a camera. */
export function PredictImagePanel(): ReactNode {
  const { data, error, refetch } = useQuery(PredictingModelsDocument, { fetchPolicy: 'cache-and-network' });
  const models = data?.models
    .filter(({ checkpoints }) => checkpoints.length > 0)
    .toSorted((a, b) => Number(b.stage === 'PRODUCTION') - Number(a.stage === 'PRODUCTION'));
  return (
    <Panel title="Predict images" note="any number, any size; JPEG, PNG, WebP or TIFF">
      {error && !models ? (
        <Failure error={error} retry={refetch} />
      ) : !models ? (
        <Loading height={80} />
      ) : models.length === 0 ? (
        <Empty title="No model can predict yet">
          <p>It needs a checkpoint: of a run that has finished an epoch, or imported.</p>
        </Empty>
      ) : (
        <PredictForm models={models} />
      )}
    </Panel>
  );
}

interface Choice {
  id: string;
  family: string;
  version: number;
  stage: string;
  classes: string[];
}

function PredictForm({ models }: { models: readonly Choice[] }): ReactNode {
  const [model, setModel] = useState(models[0].id);
  const [label, setLabel] = useState('');
  const [tenCrop, setTenCrop] = useState(false);
  const classes = models.find(({ id }) => id === model)?.classes ?? [];
  const asking: Asking = { model, tenCrop, givenLabel: classes.includes(label) ? label : null };
  const { asked, ask, again, clear } = useAsked();
  return (
    <>
      <div className={styles.form}>
        <NativeSelect
          label="Model"
          value={model}
          onChange={(event) => setModel(event.currentTarget.value)}
          data={models.map(({ id, family, version, stage }) => ({
            value: id,
            label: `${family} v${version}${stage === 'PRODUCTION' ? ', production' : ''}`,
          }))}
        />
        <NativeSelect
          label="Given label"
          description="for class and fused distribution"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data={[{ value: '', label: 'none' }, ...classes.map((value) => ({ value, label: value }))]}
        />
        <Checkbox label="ten crops" checked={tenCrop} onChange={(event) => setTenCrop(event.currentTarget.checked)} />
      </div>
      <ImageSources onFiles={(files) => ask(files, asking)} />
      <Answers asked={asked} again={() => again(asking)} clear={clear} />
    </>
  );
}
