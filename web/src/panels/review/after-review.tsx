'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { useState, type FormEvent, type ReactNode } from 'react';
import {
  MakeReviewedSetDocument,
  RetrainDocument,
  ReviewDecisionsDocument,
  ReviewRunDocument,
} from '../../graphql/generated/graphql';
import { newKey } from '../../graphql/outbox/entry';
import { openOutbox, useOutbox } from '../../graphql/outbox/use-outbox';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { DecidedSoFar, flushMilliseconds, freeName, type RetrainFormProps } from './decided-so-far';
import { MendedListForm } from './mended-list-form';
import styles from './review.module.css';
import { errorWords } from '../../theme/error-words';

/** A run that begins with learnt weights takes smaller steps. */
const fineTuningShare = 0.1;

/** The decisions become a label set, the run is trained on it again, and the two are compared. */
export function AfterReview({ dataset, run }: { dataset: string; run: string }): ReactNode {
  const decisions = useQuery(ReviewDecisionsDocument, { variables: { dataset }, fetchPolicy: 'cache-and-network' });
  const before = useQuery(ReviewRunDocument, { variables: { run }, fetchPolicy: 'cache-and-network' });
  const { entries } = useOutbox();
  useRefetchOn(entries.length === 0 ? 'stored' : 'waiting', decisions.refetch);
  const error = decisions.error ?? before.error;
  const counts = decisions.data?.dataset;
  const trained = before.data?.trainingRun;
  return (
    <Panel
      title="Train again with what was decided"
      note="a new label set, the same settings, and the two runs side by side"
    >
      {error && (!counts || !trained) ? (
        <Failure error={error} retry={() => Promise.all([decisions.refetch(), before.refetch()])} />
      ) : !counts || !trained ? (
        <Loading height={120} />
      ) : trained.configuration === null ? (
        <MendedListForm key={run} dataset={dataset} counts={counts} run={trained} waiting={entries.length} />
      ) : (
        <RetrainForm key={run} dataset={dataset} counts={counts} run={trained} waiting={entries.length} />
      )}
    </Panel>
  );
}

function RetrainForm({ dataset, counts, run, waiting }: RetrainFormProps): ReactNode {
  const [name, setName] = useState(() => freeName(counts.labelSets.map((set) => set.name)));
  const [base, setBase] = useState(run.labelSet.id);
  const [from, setFrom] = useState<'SCRATCH' | 'CHECKPOINT'>('SCRATCH');
  const { problem, step, submit } = useRetrain({ dataset, run, name, base, from });
  const decided = counts.relabelled.totalCount + counts.confirmed.totalCount;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void submit();
  };
  return (
    <form onSubmit={send} className={styles.after} data-testid="retrain-form">
      <DecidedSoFar counts={counts} waiting={waiting} />
      <TextInput
        label="Name of the label set"
        value={name}
        maxLength={100}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Labels to correct"
        value={base}
        data={counts.labelSets.map((set) => ({ value: set.id, label: set.name }))}
        onChange={(event) => setBase(event.currentTarget.value)}
      />
      <div>
        <span className={styles.label}>Begin</span>
        <SegmentedControl
          aria-label="Begin"
          value={from}
          disabled={!run.model?.checkpoints.length}
          data={[
            { value: 'SCRATCH', label: 'from scratch' },
            { value: 'CHECKPOINT', label: 'from its checkpoint' },
          ]}
          onChange={(value) => setFrom(value as typeof from)}
        />
      </div>
      <Button type="submit" size="sm" loading={step !== null} disabled={decided + waiting === 0} data-testid="retrain">
        Make the set and train “{run.name}” again
      </Button>
      <p className="plot-note">
        {step ??
          `${run.configuration!.epochs} epochs with seed ${run.configuration!.seed}${from === 'CHECKPOINT' ? ', a tenth of the learning rate' : ''}. The same seed leaves the labels as the only difference; it ends in a comparison with intervals.`}
      </p>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
    </form>
  );
}

interface RetrainChoice {
  dataset: string;
  run: RetrainFormProps['run'];
  name: string;
  base: string;
  from: 'SCRATCH' | 'CHECKPOINT';
}

function useRetrain({ dataset, run, name, base, from }: RetrainChoice): {
  problem: string | null;
  step: string | null;
  submit: () => Promise<void>;
} {
  const router = useRouter();
  const [make] = useMutation(MakeReviewedSetDocument);
  const [retrain] = useMutation(RetrainDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const [step, setStep] = useState<string | null>(null);
  // One key as long as the choice is the same: pressing again after an answer was lost makes nothing twice.
  const [key] = useState(newKey);
  const submit = async (): Promise<void> => {
    setProblem(null);
    try {
      setStep('Storing what waits…');
      await (await openOutbox()).flush(flushMilliseconds);
      setStep('Making the label set…');
      const choice = `${name.trim()} ${base} ${from}`;
      const made = await make({
        variables: { input: { dataset, name: name.trim(), base }, key: `${key} set ${choice}`.slice(0, 200) },
      });
      const labelSet = made.data!.makeLabelSet.id;
      setStep('Starting the training…');
      const learningRate = from === 'CHECKPOINT' ? (run.configuration?.learningRate ?? 0.001) * fineTuningShare : null;
      const input = { labelSet, from, learningRate, name: `${run.name.slice(0, 60)}, ${name.trim().slice(0, 36)}` };
      const again = await retrain({ variables: { run: run.id, input, key: `${key} run ${choice}`.slice(0, 200) } });
      router.push(routes.compare([run.id, again.data!.retrain.id], { labels: 'AFTER' }));
    } catch (error) {
      setStep(null);
      setProblem(errorWords(error));
    }
  };
  return { problem, step, submit };
}
