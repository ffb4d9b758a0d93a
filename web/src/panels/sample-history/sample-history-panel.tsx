'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { SampleHistoryDocument, type Capture, type SampleHistoryQuery } from '../../graphql/generated/graphql';
import { useUrlState } from '../../navigation/url-state';
import { ClassName } from '../../plots/class-name';
import { Curves } from '../../plots/curves';
import type { Curve } from '../../plots/curves-option';
import { StackedAreas } from '../../plots/stacked-areas';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import styles from './sample-history.module.css';

type Step = NonNullable<SampleHistoryQuery['sample']>['history'][number];

/** How the run's opinion of the face moved over its epochs. */
export function SampleHistoryPanel({ sample: id, run }: { sample: string; run: string }): ReactNode {
  const url = useUrlState();
  const { data, error, refetch } = useQuery(SampleHistoryDocument, {
    variables: { id, run },
    fetchPolicy: 'cache-and-network',
  });
  const sample = data?.sample;
  if (!sample || sample.history.length < 2) {
    return (
      <Panel title="Over the epochs">
        {error && !sample ? (
          <Failure error={error} retry={refetch} />
        ) : sample ? (
          <Empty title="A history needs two epochs" />
        ) : (
          <Loading height={220} />
        )}
      </Panel>
    );
  }
  const { classes } = sample.dataset;
  const colours = classColours(classes);
  const epochs = sample.history.map((step) => step.epoch);
  const marked = Math.min(url.count('epoch') ?? epochs.at(-1)!, epochs.at(-1)!);
  const shared = { history: sample.history, classes, marked };
  return (
    <Panel
      title="Over the epochs"
      note={`${changes(sample.history)}${captureNote(data.trainingRun?.recording)}`}
      query={{ document: SampleHistoryDocument, variables: { id, run } }}
    >
      <div className={styles.classes}>
        {classes.map((name, place) => (
          <ClassName key={name} name={name} colour={colours[place]} />
        ))}
      </div>
      <div className={styles.figures}>
        <Areas {...shared} title="Label" of={(step) => step.labelDistribution} />
        <Areas {...shared} title="Target" of={(step) => step.targetDistribution} />
        {sample.history.some((step) => step.attention) && (
          <figure className={styles.figure}>
            <Curves
              label="attention by epoch"
              curves={attentionCurves(sample.history)}
              axes={{
                x: 'epoch',
                xRange: [epochs[0], epochs.at(-1)!],
                yRange: [0, 1],
                mark: { x: marked, label: '' },
                format: (value) => value.toFixed(2),
              }}
              height={168}
            />
          </figure>
        )}
      </div>
    </Panel>
  );
}

interface AreasProps {
  history: readonly Step[];
  classes: readonly string[];
  /** The epoch that is looked at. */
  marked: number;
  title: string;
  of: (step: Step) => readonly number[] | null;
}

/** A distribution over the epochs; nothing where an epoch has none. */
function Areas({ history, classes, marked, title, of }: AreasProps): ReactNode {
  const distributions = history.map(of).filter((one) => one !== null);
  if (distributions.length < history.length) return null;
  return (
    <figure className={styles.figure}>
      <figcaption>{title} distribution, %</figcaption>
      <StackedAreas
        classes={classes}
        colours={classColours(classes)}
        epochs={history.map((step) => step.epoch)}
        distributions={distributions}
        marked={marked}
        label={`${title} distribution by epoch`}
      />
    </figure>
  );
}

/** Dynamics of outputs that were taken down while the weights moved are something else. */
function captureNote(recording: { capture: Capture } | null | undefined): string {
  if (!recording) return '';
  return recording.capture === 'TRAINING_PASS' ? '; recorded while it trained' : '; recorded after each epoch';
}

function changes(history: readonly Step[]): string {
  const count = history.filter(
    (step, place) => place > 0 && step.targetLabel !== history[place - 1].targetLabel,
  ).length;
  return count === 0
    ? `the target branch always said ${history[0].targetLabel}`
    : `the target branch changed its mind ${count === 1 ? 'once' : `${count} times`}`;
}

function attentionCurves(history: readonly Step[]): Curve[] {
  const named = [
    ['auxiliary a1', 'auxiliary', 'var(--distribution-label)'],
    ['target a2', 'target', 'var(--distribution-target)'],
    ['mean w', 'mean', 'var(--accent)'],
  ] as const;
  return named.map(([name, key, colour]) => ({
    name,
    colour,
    points: history.map((step) => [step.epoch, step.attention?.[key] ?? null] as const),
  }));
}
