'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Checkbox, FileInput, NativeSelect } from '@mantine/core';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import {
  PredictImageDocument,
  type PredictImageMutation,
  PredictingModelsDocument,
} from '../../graphql/generated/graphql';
import { uploadFile } from '../../graphql/upload';
import { AttentionScale } from '../../plots/attention-scale';
import { DistributionBars } from '../../plots/distribution-bars';
import { accent, distributionColour } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import styles from './predict-image.module.css';

type Answer = PredictImageMutation['predict'];

/** Asks a model about a picture from this computer. */
export function PredictImagePanel(): ReactNode {
  const { data, error, refetch } = useQuery(PredictingModelsDocument, { fetchPolicy: 'cache-and-network' });
  const models = data?.models
    .filter(({ checkpoints }) => checkpoints.length > 0)
    .toSorted((a, b) => Number(b.stage === 'PRODUCTION') - Number(a.stage === 'PRODUCTION'));
  return (
    <Panel title="Predict an image" note="any size; JPEG, PNG, WebP or TIFF">
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
  const [file, setFile] = useState<File | null>(null);
  const [model, setModel] = useState(models[0]!.id);
  const [label, setLabel] = useState('');
  const [tenCrop, setTenCrop] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [predict] = useMutation(PredictImageDocument);
  const picture = useObjectUrl(file);
  const classes = models.find(({ id }) => id === model)?.classes ?? [];
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!file) return setProblem('Choose an image first.');
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await predict({
        variables: {
          input: { model, upload: await uploadFile(file), tenCrop, givenLabel: classes.includes(label) ? label : null },
        },
      });
      setAnswer(data?.predict ?? null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const change = (next: File | null): void => {
    setFile(next);
    setAnswer(null);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {problem && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <div className={styles.form}>
        <FileInput
          label="Image"
          placeholder="choose"
          accept="image/jpeg,image/png,image/webp,image/tiff"
          value={file}
          onChange={change}
          clearable
          data-testid="predict-file"
        />
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
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data={[{ value: '', label: 'none' }, ...classes.map((value) => ({ value, label: value }))]}
        />
        <Checkbox label="ten crops" checked={tenCrop} onChange={(event) => setTenCrop(event.currentTarget.checked)} />
        <Button type="submit" loading={busy} data-testid="predict">
          Predict
        </Button>
      </div>
      {answer && <AnswerView answer={answer} picture={picture} label={label} />}
    </form>
  );
}

function AnswerView({ answer, picture, label }: { answer: Answer; picture: string | null; label: string }): ReactNode {
  const { model, attention } = answer;
  const all = [
    { name: 'label', title: 'Label', note: 'auxiliary branch', distribution: answer.labelDistribution },
    { name: 'class', title: 'Class', note: `mined for ${label}`, distribution: answer.classDistribution },
    { name: 'fused', title: 'Fused', note: undefined, distribution: answer.fusedDistribution },
    { name: 'target', title: 'Target', note: 'the prediction', distribution: answer.targetDistribution },
  ] as const;
  const marks = [
    { name: 'auxiliary', value: attention.auxiliary, colour: distributionColour.label },
    { name: 'target', value: attention.target, colour: distributionColour.target },
    { name: 'mean w', value: attention.mean, colour: accent },
    ...(attention.fusionWeight === null || attention.fusionWeight === undefined
      ? []
      : [{ name: 'fusion weight v', value: attention.fusionWeight, colour: distributionColour.fused }]),
  ];
  return (
    <div data-testid="prediction" aria-live="polite">
      <div className={styles.answer}>
        {/* eslint-disable-next-line @next/next/no-img-element */}
        {picture && <img className={styles.face} src={picture} alt="what was asked about" />}
        {all.map(
          ({ name, title, note, distribution }) =>
            distribution && (
              <DistributionBars
                key={name}
                name={name}
                title={title}
                note={note}
                classes={model.classes}
                distribution={distribution}
                colour={distributionColour[name]}
                marked={label || null}
              />
            ),
        )}
        <div>
          <AttentionScale marks={marks} />
        </div>
      </div>
      <p className={styles.note}>
        <b>{answer.predictedLabel}</b>, says {model.family} v{model.version} ({answer.checkpoint.kind.toLowerCase()},
        epoch {answer.checkpoint.epoch}) of an image of {answer.width} × {answer.height} px
        {answer.views > 1 ? `, mean of ${answer.views} crops` : ''}; {answer.milliseconds.toFixed(0)} ms, of which{' '}
        {answer.forwardMilliseconds.toFixed(0)} ms in the network on {answer.backend}.
      </p>
    </div>
  );
}

function useObjectUrl(file: File | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file) return setUrl(null);
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
