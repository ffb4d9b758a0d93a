'use client';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { InjectLabelNoiseDocument, MakeLabelSetDocument, type NoiseKind } from '../../graphql/generated/graphql';
import { integer } from '../../theme/format';
import type { LabelSet } from './label-set';
import { errorWords } from '../../theme/error-words';

interface ActionsProps {
  dataset: string;
  sets: readonly LabelSet[];
  /** Decisions of people that stand. */
  decisions: number;
  made: (labelSet: string) => void;
}

/** Buttons that make new sets: of decisions, and with noise. */
export function LabelSetActions({ dataset, sets, decisions, made }: ActionsProps): ReactNode {
  const [open, setOpen] = useState<'make' | 'noise' | null>(null);
  const done = (labelSet: string): void => {
    setOpen(null);
    made(labelSet);
  };
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setOpen('noise')} data-testid="add-noise">
        Add noise…
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={decisions === 0}
        onClick={() => setOpen('make')}
        data-testid="make-label-set"
        title={decisions === 0 ? 'Relabel a sample first' : undefined}
      >
        Make a set of {integer(decisions)} decisions…
      </Button>
      <Modal
        opened={open === 'make'}
        onClose={() => setOpen(null)}
        title="Make a label set of people’s decisions"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <MakeForm dataset={dataset} sets={sets} made={done} />
      </Modal>
      <Modal
        opened={open === 'noise'}
        onClose={() => setOpen(null)}
        title="Flip training labels on purpose"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <NoiseForm dataset={dataset} sets={sets} made={done} />
      </Modal>
    </>
  );
}

type FormProps = Omit<ActionsProps, 'decisions'>;

/** Runs `work` and keeps what went wrong as one line. */
function useSubmit(
  work: () => Promise<string | undefined>,
  made: (id: string) => void,
): { problem: string | null; submit: (event: FormEvent) => void } {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setProblem(null);
    work().then(
      (id) => id && made(id),
      (error: unknown) => setProblem(errorWords(error)),
    );
  };
  return { problem, submit };
}

function MakeForm({ dataset, sets, made }: FormProps): ReactNode {
  const [make, { loading }] = useMutation(MakeLabelSetDocument);
  const [name, setName] = useState('');
  const [base, setBase] = useState('');
  const { problem, submit } = useSubmit(
    async () =>
      (await make({ variables: { input: { dataset, name: name.trim(), base: base || null } } })).data?.makeLabelSet.id,
    made,
  );
  return (
    <form onSubmit={submit}>
      {problem && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <TextInput
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        data-autofocus
        mb="sm"
      />
      <BaseSelect sets={sets} value={base} onChange={setBase} standard="given" label="Labels to correct" />
      <Group justify="flex-end" mt="md">
        <Button type="submit" size="sm" loading={loading}>
          Make it
        </Button>
      </Group>
    </form>
  );
}

const kinds: readonly { value: NoiseKind; label: string }[] = [
  { value: 'SYMMETRIC', label: 'symmetric: to any other class' },
  { value: 'PAIR_FLIP', label: 'pair flip: to the class it is confused with' },
  { value: 'INSTANCE', label: 'the most ambiguous, to their second class' },
];

function NoiseForm({ dataset, sets, made }: FormProps): ReactNode {
  const [inject, { loading }] = useMutation(InjectLabelNoiseDocument);
  const [kind, setKind] = useState<NoiseKind>('SYMMETRIC');
  const [percentage, setPercentage] = useState('20');
  const [seed, setSeed] = useState('1');
  const [base, setBase] = useState('');
  const work = async (): Promise<string | undefined> => {
    const [rate, number] = [Number(percentage) / 100, Number(seed)];
    if (!Number.isFinite(rate) || percentage.trim() === '') throw new Error('Share: expected a number.');
    if (!Number.isInteger(number) || seed.trim() === '') throw new Error('Seed: expected a whole number.');
    return (await inject({ variables: { input: { dataset, kind, rate, seed: number, base: base || null } } })).data
      ?.injectLabelNoise.id;
  };
  const { problem, submit } = useSubmit(work, made);
  return (
    <form onSubmit={submit}>
      {problem && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <NativeSelect
        label="Kind"
        value={kind}
        data={[...kinds]}
        onChange={(event) => setKind(event.currentTarget.value as NoiseKind)}
        mb="sm"
      />
      <TextInput
        label="Share of the training labels"
        description="per cent; a smaller share flips some of the same labels"
        value={percentage}
        inputMode="decimal"
        onChange={(event) => setPercentage(event.currentTarget.value)}
        mb="sm"
      />
      <TextInput
        label="Seed"
        value={seed}
        inputMode="numeric"
        onChange={(event) => setSeed(event.currentTarget.value)}
        mb="sm"
      />
      <BaseSelect sets={sets} value={base} onChange={setBase} standard="clean, else given" label="Labels to flip" />
      <Group justify="flex-end" mt="md">
        <Button type="submit" size="sm" loading={loading}>
          Make it
        </Button>
      </Group>
    </form>
  );
}

function BaseSelect({
  sets,
  value,
  onChange,
  standard,
  label,
}: {
  sets: readonly LabelSet[];
  value: string;
  onChange: (value: string) => void;
  standard: string;
  label: string;
}): ReactNode {
  return (
    <NativeSelect
      label={label}
      value={value}
      data={[{ value: '', label: `default: ${standard}` }, ...sets.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
