'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, TextInput } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { RelabelDocument, RelabelSampleDocument, type RelabelSampleInput } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { ClassDot, ClassName } from '../../plots/class-name';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { Decisions } from './decisions';
import styles from './relabel.module.css';
import { SoftLabel } from './soft-label';

type Decision = Omit<RelabelSampleInput, 'sample' | 'author' | 'note'>;

/**
 * What every label set says of a face, and the buttons that say otherwise. Digits choose a class, C confirms, S skips.
 */
export function RelabelPanel({ sample: id }: { sample: string }): ReactNode {
  const { data, error, refetch } = useQuery(RelabelDocument, {
    variables: { sample: id },
    fetchPolicy: 'cache-and-network',
  });
  const [relabel, { loading }] = useMutation(RelabelSampleDocument);
  const [author, setAuthor] = useLocalStorage({ key: 'relabel-author', defaultValue: '' });
  const [note, setNote] = useState('');
  const [soft, setSoft] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const sample = data?.sample;
  const classes = sample?.dataset.classes ?? [];
  const decide = async (decision: Decision): Promise<void> => {
    setProblem(null);
    try {
      await relabel({
        variables: { input: { sample: id, author: author.trim() || null, note: note.trim() || null, ...decision } },
      });
      setNote('');
      if (decision.distribution) setSoft(false);
      await refetch();
    } catch (failure) {
      setProblem(failure instanceof Error ? failure.message.replace(/^input\./, '') : String(failure));
    }
  };
  useHotkeys([
    ...classes
      .slice(0, 9)
      .map((name, place) => [String(place + 1), () => void decide({ label: name })] as [string, () => void]),
    ['c', () => void decide({ action: 'CONFIRM' })],
    ['s', () => void decide({ action: 'SKIP' })],
  ]);
  if (error && !sample)
    return (
      <Panel title="Label">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!sample)
    return (
      <Panel title="Label">
        <Loading height={160} />
      </Panel>
    );
  const colours = classColours(classes);
  const standing = sample.annotations.find((one) => one.undoneAt === null && one.action !== 'SKIP');
  const skipped = standing === undefined && sample.annotations.some((one) => one.undoneAt === null);
  return (
    <Panel
      title="Label"
      note={
        standing
          ? `decided: ${standing.action === 'RELABEL' ? standing.to : `${standing.to}, confirmed`}`
          : skipped
            ? 'looked at and skipped'
            : 'as given; nobody has decided otherwise'
      }
    >
      <dl className={styles.sets}>
        {sample.labels.map(({ class: label, labelSet }) => (
          <div key={labelSet.id}>
            <dt>
              <Link href={`${routes.dataset(sample.dataset.id)}?labels=${labelSet.id}`}>{labelSet.name}</Link>
            </dt>
            <dd>
              {label === null ? (
                <span className="plot-weak">none</span>
              ) : (
                <ClassName name={label} colour={colours[classes.indexOf(label)]!} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {problem && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <div className={styles.buttons} role="group" aria-label="The face shows">
        {classes.map((name, place) => (
          <Button
            key={name}
            size="xs"
            variant={standing?.to === name ? 'filled' : 'default'}
            disabled={loading}
            leftSection={<ClassDot colour={colours[place]!} />}
            rightSection={place < 9 ? <kbd className={styles.key}>{place + 1}</kbd> : undefined}
            onClick={() => void decide({ label: name })}
            data-testid={`relabel-${name}`}
          >
            {name}
          </Button>
        ))}
        <Button
          size="xs"
          variant="light"
          disabled={loading}
          rightSection={<kbd className={styles.key}>C</kbd>}
          onClick={() => void decide({ action: 'CONFIRM' })}
        >
          The given label is right
        </Button>
        <Button
          size="xs"
          variant="light"
          color="gray"
          disabled={loading}
          rightSection={<kbd className={styles.key}>S</kbd>}
          onClick={() => void decide({ action: 'SKIP' })}
        >
          Skip
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          aria-expanded={soft}
          onClick={() => setSoft(!soft)}
          data-testid="soft-label"
        >
          Several at once…
        </Button>
      </div>
      {soft && (
        <SoftLabel
          classes={classes}
          colours={colours}
          start={sample.voteDistribution ?? classes.map((name) => (name === sample.givenLabel ? 1 : 0))}
          disabled={loading}
          save={(distribution) => void decide({ distribution })}
        />
      )}
      <div className={styles.details}>
        <TextInput
          size="xs"
          label="Your name"
          value={author}
          maxLength={100}
          onChange={(event) => setAuthor(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label="Note, kept with the next decision"
          value={note}
          maxLength={2000}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </div>
      <Decisions decisions={sample.annotations} undone={() => void refetch()} failed={setProblem} />
    </Panel>
  );
}
