'use client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Modal, NativeSelect, SegmentedControl, Slider, TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState, type FormEvent, type ReactNode } from 'react';
import { DrawFacesDocument, type DrawingJobFragment } from '../../graphql/generated/graphql';
import { Drawing } from './drawing';
import styles from './draw-faces.module.css';
import { facesInput, type FacesErrors, type FacesForm } from './faces-input';
import { errorWords } from '../../theme/error-words';

const sizes = [
  { value: 'TINY', label: 'Tiny: 210' },
  { value: 'DEMO', label: 'Demo: 3,500' },
  { value: 'STANDARD', label: 'Standard: 12,600' },
];
const empty: FacesForm = { size: 'DEMO', givenLabel: 'PLURALITY', tau: null, seed: '', imageSize: '', name: '' };

/** The dial's default, at which the votes are divided as those of FER+. */
const ferplusTau = 0.22;
const marks = [
  { value: 0.08, label: 'clear' },
  { value: ferplusTau, label: 'as FER+' },
  { value: 0.5, label: 'ambiguous' },
  { value: 0.8, label: 'hardly to tell' },
];

/** The form, and what becomes of it. Loaded when it is first asked for. */
export default function DrawFacesWindow({ opened, close }: { opened: boolean; close: () => void }): ReactNode {
  const small = useMediaQuery('(max-width: 640px)');
  const [job, setJob] = useState<DrawingJobFragment | null>(null);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Draw faces"
      size="lg"
      fullScreen={small}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {job ? <Drawing key={job.id} started={job} again={() => setJob(null)} /> : <DrawForm onStarted={setJob} />}
    </Modal>
  );
}

function DrawForm({ onStarted }: { onStarted: (job: DrawingJobFragment) => void }): ReactNode {
  const [draw, { loading }] = useMutation(DrawFacesDocument);
  const [form, setForm] = useState<FacesForm>(empty);
  const [errors, setErrors] = useState<FacesErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const change = (part: Partial<FacesForm>): void => {
    setForm((before) => ({ ...before, ...part }));
    setErrors({});
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setProblem(null);
    const result = facesInput(form);
    if ('errors' in result) return setErrors(result.errors);
    try {
      const { data } = await draw({ variables: { input: result.input } });
      if (data) onStarted(data.drawFaces);
    } catch (error) {
      const refused = fieldRefused(error);
      if (refused) setErrors(refused);
      else setProblem(errorWords(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <p className={styles.hint}>
        Parametric faces whose true label distributions, votes and action units are known: a controlled test bed, not a
        model of people. The same choices give the same pixels on every machine.
      </p>
      <SegmentedControl
        fullWidth
        aria-label="How many faces"
        value={form.size}
        onChange={(size) => change({ size: size as FacesForm['size'] })}
        data={sizes}
      />
      <div className={styles.dial}>
        <div className={styles.dialLabel}>
          <span>Ambiguity τ</span>
          <span className="numbers">{(form.tau ?? ferplusTau).toFixed(2)}</span>
        </div>
        <Slider
          thumbLabel="Ambiguity tau"
          min={0.05}
          max={1}
          step={0.01}
          value={form.tau ?? ferplusTau}
          onChange={(tau) => change({ tau: tau === ferplusTau ? null : tau })}
          marks={marks}
          label={null}
        />
      </div>
      {errors.tau && (
        <Alert color="red" mb="sm" role="alert">
          {errors.tau}
        </Alert>
      )}
      <div className={styles.fields}>
        <TextInput
          label="Image size"
          description="pixels; default 48, standard 96"
          inputMode="numeric"
          value={form.imageSize}
          error={errors.imageSize}
          onChange={(event) => change({ imageSize: event.currentTarget.value })}
        />
        <TextInput
          label="Seed"
          description="decides every face; default 7"
          inputMode="numeric"
          value={form.seed}
          error={errors.seed}
          onChange={(event) => change({ seed: event.currentTarget.value })}
        />
        <NativeSelect
          label="Training labels"
          description="one rater errs more often"
          value={form.givenLabel}
          onChange={(event) => change({ givenLabel: event.currentTarget.value as FacesForm['givenLabel'] })}
          data={[
            { value: 'PLURALITY', label: 'plurality of ten' },
            { value: 'RATER', label: 'of one rater' },
          ]}
        />
        <TextInput
          label="Name"
          description="empty: from the choices"
          maxLength={100}
          value={form.name}
          error={errors.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
      </div>
      {problem && (
        <Alert color="red" mt="sm" role="alert">
          {problem}
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button type="submit" size="sm" loading={loading}>
          Draw
        </Button>
      </Group>
    </form>
  );
}

/** What the server said of a field; null where it is about none. */
function fieldRefused(error: unknown): FacesErrors | null {
  if (!CombinedGraphQLErrors.is(error)) return null;
  const [first] = error.errors;
  const path = String(first?.extensions?.['path'] ?? '')
    .split('.')
    .at(-1)!;
  return first && ['tau', 'seed', 'imageSize', 'name'].includes(path)
    ? { [path]: first.message.replace(/^[\w.]+: /, '') }
    : null;
}
