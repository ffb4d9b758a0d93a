'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Anchor, Button, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import {
  RetrainWithFusionDocument,
  SaveFusionDocument,
  type WhatIfInput,
  type WhatIfQuery,
} from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import styles from './what-if.module.css';

interface SaveProps {
  run: NonNullable<WhatIfQuery['trainingRun']>;
  input: WhatIfInput;
  /** Address of every sample as CSV. */
  csv: string;
}

/** What the buttons do. */
function useSaving({ run, input }: SaveProps, name: string) {
  const router = useRouter();
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [save, saving] = useMutation(SaveFusionDocument, { refetchQueries: ['WhatIf'] });
  const [retrain, retraining] = useMutation(RetrainWithFusionDocument);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const keep = (): Promise<void> =>
    attempt(async () => {
      const { data } = await save({ variables: { run: run.id, name, input } });
      setSaved(data!.saveFusion.id);
    });
  const train = (): Promise<void> =>
    attempt(async () => {
      const again = { labelSet: run.labelSet!.id, fusion: saved, name: `${run.name}, ${name}` };
      const { data } = await retrain({ variables: { run: run.id, input: again } });
      router.push(routes.run(data!.retrain.id));
    });
  return { saved, setSaved, problem, keep, train, saving: saving.loading, retraining: retraining.loading };
}

/** Keeps the settings under a name, and trains the run again with them. */
export function SaveFusion({ run, input, csv }: SaveProps): ReactNode {
  const [name, setName] = useState('');
  const { saved, setSaved, problem, keep, train, saving, retraining } = useSaving({ run, input, csv }, name);
  return (
    <>
      <form
        className={styles.save}
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <TextInput
          label="Keep these settings as"
          value={name}
          maxLength={100}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setSaved(null);
          }}
        />
        <Button type="submit" variant="light" loading={saving} disabled={name.trim() === ''}>
          Save
        </Button>
        {run.kind === 'TRAINING' && run.labelSet && (
          <Button disabled={saved === null} loading={retraining} onClick={() => void train()}>
            Train with them
          </Button>
        )}
        <Anchor href={csv} size="sm" download>
          Every sample as CSV
        </Anchor>
      </form>
      {saved !== null && <p className="plot-note">Kept as {saved}: a training on this data set can start from it.</p>}
      {problem && (
        <Alert color="red" mt="sm" role="alert">
          {problem}
        </Alert>
      )}
    </>
  );
}
