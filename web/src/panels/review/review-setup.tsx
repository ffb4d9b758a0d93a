'use client';
import { NativeSelect, SegmentedControl, Switch, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ReviewChoicesQuery } from '../../graphql/generated/graphql';
import type { UrlState } from '../../navigation/url-state';
import { queueKinds, type QueueSettings } from './queue';
import { thingsOf } from '../../theme/things';
import styles from './review.module.css';

type Datasets = ReviewChoicesQuery['datasets'];

export interface ReviewSetupProps {
  url: UrlState;
  settings: QueueSettings;
  datasets: Datasets;
  author: string;
  setAuthor: (author: string) => void;
}

/** Which faces come, and how they are shown. All of it is in the address. */
export function ReviewSetup(props: ReviewSetupProps): ReactNode {
  const { settings, datasets } = props;
  const dataset = datasets.find(({ id }) => id === settings.dataset);
  const run = dataset?.runs.find(({ id }) => id === settings.run);
  const kind = queueKinds.find(({ value }) => value === settings.kind)!;
  const words = [
    kind.label,
    settings.given && `labelled ${settings.given}`,
    settings.split?.toLowerCase(),
    dataset && `of ${dataset.name}`,
    run && `by ${run.name}`,
    settings.blind && 'blind',
    settings.knownEvery > 0 && `a known one in ${settings.knownEvery}`,
  ].filter(Boolean);
  return (
    <details className={styles.details}>
      <summary data-testid="review-setup">
        <b>{words[0]}</b> {words.slice(1).join(', ')}
      </summary>
      <div className={styles.setup}>
        <WhichFaces {...props} />
        <HowShown {...props} />
      </div>
    </details>
  );
}

function WhichFaces({ url, settings, datasets }: ReviewSetupProps): ReactNode {
  const dataset = datasets.find(({ id }) => id === settings.dataset);
  const analysed = datasets.filter(({ runs }) => runs.some(({ epoch }) => epoch !== null));
  const chooseDataset = (id: string): void => url.set({ dataset: id, run: null, given: null, split: null });
  return (
    <>
      <NativeSelect
        label="Data set"
        value={settings.dataset ?? ''}
        data={analysed.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => chooseDataset(event.currentTarget.value)}
      />
      <NativeSelect
        label="Opinions of run"
        value={settings.run ?? ''}
        data={(dataset?.runs ?? []).filter(({ epoch }) => epoch).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(event) => url.set({ run: event.currentTarget.value, dataset: settings.dataset })}
      />
      <NativeSelect
        label={thingsOf(dataset?.classes).Many}
        value={settings.kind}
        data={queueKinds.map(({ value, label, hint }) => ({ value, label: `${label}: ${hint}` }))}
        onChange={(event) => url.set({ queue: event.currentTarget.value })}
      />
      <NativeSelect
        label="Split"
        value={settings.split ?? ''}
        data={[
          { value: '', label: 'every split' },
          ...(dataset?.splits ?? []).map(({ split }) => ({ value: split, label: split.toLowerCase() })),
        ]}
        onChange={(event) => url.set({ split: event.currentTarget.value })}
      />
      <NativeSelect
        label="Labelled as"
        value={settings.given ?? ''}
        data={[{ value: '', label: 'any class' }, ...(dataset?.classes ?? [])]}
        onChange={(event) => url.set({ given: event.currentTarget.value })}
      />
    </>
  );
}

function HowShown({ url, settings, datasets, author, setAuthor }: ReviewSetupProps): ReactNode {
  const things = thingsOf(datasets.find(({ id }) => id === settings.dataset)?.classes);
  return (
    <>
      <TextInput
        label="Your name"
        value={author}
        maxLength={100}
        onChange={(event) => setAuthor(event.currentTarget.value)}
      />
      <NativeSelect
        label={`Known ${things.many} between`}
        title="Those whose label is known, to see how well one decides. What is said of them is not stored."
        value={String(settings.knownEvery)}
        data={[
          { value: '0', label: 'none' },
          { value: '5', label: 'every fifth' },
          { value: '10', label: 'every tenth' },
          { value: '20', label: 'every twentieth' },
        ]}
        onChange={(event) => url.set({ known: event.currentTarget.value === '0' ? null : event.currentTarget.value })}
      />
      <div className={styles.switches}>
        <SegmentedControl
          aria-label="How many at once"
          value={settings.view}
          data={[
            { value: 'one', label: `One ${things.one}` },
            { value: 'grid', label: 'Grid' },
          ]}
          onChange={(value) => url.set({ view: value === 'grid' ? 'grid' : null })}
        />
        <Switch
          label="Blind"
          title="The label and what the model says stay hidden until it is decided"
          checked={settings.blind}
          onChange={(event) => url.set({ blind: event.currentTarget.checked ? '1' : null })}
        />
      </div>
    </>
  );
}
