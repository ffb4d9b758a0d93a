import type { ReactNode } from 'react';
import type { SampleQuery } from '../../graphql/generated/graphql';
import { ClassName } from '../../plots/class-name';
import { Facts, Panel } from '../../theme/panel';
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
    <Panel title="Face" span={3}>
      <img
        className={styles.face}
        src={sample.imageUrl}
        alt={`Face ${sample.key}, given label ${sample.givenLabel}`}
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

function Votes({ sample, classes }: { sample: SampleData; classes: readonly string[] }): ReactNode {
  const cast = [...classes.map((name, place) => ({ name, votes: sample.votes?.[place] ?? 0 })), ...sample.outsideVotes]
    .filter((one) => one.votes > 0)
    .sort((a, b) => b.votes - a.votes);
  return (
    <p className={styles.votes} data-testid="votes">
      <b>{cast.reduce((sum, one) => sum + one.votes, 0)} votes:</b>{' '}
      {cast.map((one) => `${one.name} ${one.votes}`).join(', ')}
    </p>
  );
}
