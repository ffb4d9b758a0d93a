import type { ReactNode } from 'react';
import type { SampleQuery } from '../../graphql/generated/graphql';
import { ClassName } from '../../plots/class-name';
import { Facts, Panel } from '../../theme/panel';
import { thingsOf } from '../../theme/things';
import styles from './sample.module.css';

export type SampleData = NonNullable<SampleQuery['sample']>;

/** The picture and what people said of it. */
export function Face({
  sample,
  classes,
  colours,
}: {
  sample: SampleData;
  classes: readonly string[];
  colours: readonly string[];
}): ReactNode {
  const named = (label: string): ReactNode => (
    <ClassName name={label} colour={colours[classes.indexOf(label)] ?? 'transparent'} />
  );
  const flipped = sample.cleanLabel !== null && sample.cleanLabel !== sample.givenLabel;
  const facts: (readonly [string, ReactNode])[] = [
    ['Given label', named(sample.givenLabel)],
    ...(sample.cleanLabel !== null
      ? [
          [
            'Clean label',
            <span key="clean" style={flipped ? { color: 'var(--differ)' } : undefined}>
              {named(sample.cleanLabel)}
            </span>,
          ] as const,
        ]
      : []),
    ...(sample.rawLabel !== null && sample.rawLabel !== sample.givenLabel
      ? [['In the source', sample.rawLabel] as const]
      : []),
    ['Split', sample.split.toLowerCase()],
    ['Number', sample.index],
    ...(sample.subject !== null ? [['Subject', sample.subject] as const] : []),
    ['Stored', `${sample.width} × ${sample.height} px`],
  ];
  return (
    <Panel title={thingsOf(classes).One} span={3}>
      <img
        className={styles.face}
        src={sample.imageUrl}
        alt={`${thingsOf(classes).One} ${sample.key}, given label ${sample.givenLabel}`}
        width={sample.width}
        height={sample.height}
        data-testid="face"
      />
      {flipped && <p className={styles.flipped}>The given label is not the clean one.</p>}
      <div className={styles.facts}>
        <Facts facts={facts} />
      </div>
      {sample.votes && <Votes sample={sample} classes={classes} />}
    </Panel>
  );
}

/** Shares are of the votes for a class; others are counted beside, for they say that no class fits. */
function Votes({ sample, classes }: { sample: SampleData; classes: readonly string[] }): ReactNode {
  const cast = classes
    .map((name, place) => ({ name, votes: sample.votes?.[place] ?? 0 }))
    .filter((one) => one.votes > 0)
    .sort((a, b) => b.votes - a.votes);
  const outside = sample.outsideVotes.filter((one) => one.votes > 0);
  const count = (list: readonly { votes: number }[]): number => list.reduce((sum, one) => sum + one.votes, 0);
  const named = (list: readonly { name: string; votes: number }[]): string =>
    list.map((one) => `${one.name} ${one.votes}`).join(', ');
  return (
    <p className={styles.votes} data-testid="votes">
      <b>{count(cast) + count(outside)} votes:</b> {named([...cast, ...outside])}
      {outside.length > 0 && (
        <span className="plot-weak">
          . Shares are of the {count(cast)} for a class; {named(outside)} stand beside.
        </span>
      )}
    </p>
  );
}
