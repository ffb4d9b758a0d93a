'use client';
import { useQuery } from '@apollo/client/react';
import { Alert, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { RelabelDocument, type RelabelQuery } from '../../graphql/generated/graphql';
import { newKey, type Decision } from '../../graphql/outbox/entry';
import { openOutbox, useOutbox } from '../../graphql/outbox/use-outbox';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useKeys } from '../../navigation/keys';
import { routes } from '../../navigation/routes';
import { ClassName } from '../../plots/class-name';
import { SoftLabel } from '../../plots/soft-label';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { Decisions } from './decisions';
import { LabelButtons } from './label-buttons';
import { thingsOf } from '../../theme/things';
import styles from './relabel.module.css';
import { errorWords } from '../../theme/error-words';

type Sample = NonNullable<RelabelQuery['sample']>;

/** What every label set says of a face, and the buttons that say otherwise. */
export function RelabelPanel({ sample: id }: { sample: string }): ReactNode {
  const { data, error, refetch } = useQuery(RelabelDocument, {
    variables: { sample: id },
    fetchPolicy: 'cache-and-network',
  });
  const sample = data?.sample;
  if (sample) return <RelabelForm sample={sample} refetch={refetch} />;
  return <Panel title="Label">{error ? <Failure error={error} retry={refetch} /> : <Loading height={160} />}</Panel>;
}

function RelabelForm({ sample, refetch }: { sample: Sample; refetch: () => Promise<unknown> }): ReactNode {
  const [author, setAuthor] = useLocalStorage({ key: 'relabel-author', defaultValue: '' });
  const [note, setNote] = useState('');
  const [soft, setSoft] = useState(false);
  const { waiting, problem, add } = useDecisionsOf(sample, refetch);
  const { classes } = sample.dataset;
  const colours = classColours(classes);
  const decide = (decision: Decision): void => {
    add(decision, author.trim() || null, note.trim() || null);
    setNote('');
    setSoft(false);
  };
  useKeys(`Label of this ${thingsOf(classes).one}`, [
    ...classes
      .slice(0, 9)
      .map((label, place) => ({ key: String(place + 1), does: label, run: () => decide({ label }) })),
    { key: 'c', does: 'the given label is right', run: () => decide({ action: 'CONFIRM' }) },
    { key: 's', does: 'skip', run: () => decide({ action: 'SKIP' }) },
    { key: 'u', does: 'unsure', run: () => decide({ action: 'UNSURE' }) },
  ]);
  const standing = sample.annotations.find((one) => one.undoneAt === null && one.to !== null);
  return (
    <Panel title="Label" note={words(sample, waiting)}>
      <LabelsOf sample={sample} colours={colours} />
      {problem && (
        <Alert color="red" role="alert" mb="sm">
          {problem}
        </Alert>
      )}
      <LabelButtons
        classes={classes}
        colours={colours}
        standing={waiting.at(-1)?.label ?? standing?.to ?? null}
        decide={decide}
        soft={soft}
        toggleSoft={() => setSoft(!soft)}
      />
      {soft && (
        <SoftLabel
          classes={classes}
          colours={colours}
          start={sample.voteDistribution ?? classes.map((name) => (name === sample.givenLabel ? 1 : 0))}
          disabled={false}
          save={(distribution) => decide({ distribution })}
        />
      )}
      <WhoAndWhy author={author} setAuthor={setAuthor} note={note} setNote={setNote} />
      <Decisions sample={sample} undone={() => void refetch().catch(() => undefined)} />
    </Panel>
  );
}

interface WhoAndWhyProps {
  author: string;
  setAuthor: (author: string) => void;
  note: string;
  setNote: (note: string) => void;
}

function WhoAndWhy({ author, setAuthor, note, setNote }: WhoAndWhyProps): ReactNode {
  return (
    <div className={styles.details}>
      <TextInput
        label="Your name"
        value={author}
        maxLength={100}
        onChange={(event) => setAuthor(event.currentTarget.value)}
      />
      <TextInput
        label="Note, kept with the next decision"
        value={note}
        maxLength={2000}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </div>
  );
}

interface DecisionsOf {
  /** Decisions on this face that the server does not have yet, oldest first. */
  waiting: readonly Decision[];
  problem: string | null;
  add: (decision: Decision, author: string | null, note: string | null) => void;
}

/** Decisions go through the outbox: they are kept whatever the server does. */
function useDecisionsOf({ id, dataset }: Sample, refetch: () => Promise<unknown>): DecisionsOf {
  const { entries } = useOutbox();
  const [problem, setProblem] = useState<string | null>(null);
  const mine = entries.flatMap((entry) =>
    entry.kind === 'decide'
      ? entry.changes.filter(({ sample }) => sample === id).map((change) => ({ ...change, refused: entry.refused }))
      : [],
  );
  useRefetchOn(mine.length, refetch);
  const add = (decision: Decision, author: string | null, note: string | null): void => {
    openOutbox()
      .then((outbox) =>
        outbox.add({
          kind: 'decide',
          key: newKey(),
          dataset: dataset.id,
          at: Date.now(),
          changes: [{ sample: id, ...decision }],
          labelSet: null,
          author,
          note,
        }),
      )
      .then(
        () => setProblem(null),
        (error: unknown) => setProblem(errorWords(error)),
      );
  };
  return { waiting: mine, problem: problem ?? mine.find(({ refused }) => refused)?.refused ?? null, add };
}

function words(sample: Sample, waiting: readonly Decision[]): string {
  if (waiting.length > 0) return 'decided; being stored…';
  const open = sample.annotations.filter((one) => one.undoneAt === null);
  const standing = open.find((one) => one.to !== null);
  if (standing) return `decided: ${standing.action === 'RELABEL' ? standing.to : `${standing.to}, confirmed`}`;
  if (open.some((one) => one.action === 'UNSURE')) return 'looked at; it cannot be told';
  return open.length > 0 ? 'looked at and skipped' : 'as given; nobody has decided otherwise';
}

function LabelsOf({ sample, colours }: { sample: Sample; colours: readonly string[] }): ReactNode {
  const { classes } = sample.dataset;
  return (
    <dl className={styles.sets}>
      {sample.labels.map(({ class: label, labelSet }) => (
        <div key={labelSet.id}>
          <dt>
            <Link href={routes.dataset(sample.dataset.id, { labels: labelSet.id })}>{labelSet.name}</Link>
          </dt>
          <dd>
            {label === null ? (
              <span className="plot-weak">none</span>
            ) : (
              <ClassName name={label} colour={colours[classes.indexOf(label)]} />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
