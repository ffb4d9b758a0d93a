'use client';
import { useQuery } from '@apollo/client/react';
import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { LabelChangesDocument, type Split } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { SampleCard } from '../../plots/sample-card';
import { integer } from '../../theme/format';
import { CloseIcon } from '../../theme/icons';
import { classColours } from '../../theme/palette';
import { Failure, Loading } from '../../theme/states';
import type { LabelSet } from './label-set';
import styles from './label-sets.module.css';

const shown = 24;

export interface LabelChangesProps {
  from: LabelSet;
  to: LabelSet;
  split: Split | null;
  /** Null: every sample whose labels differ. */
  cell: { before: string; after: string } | null;
  classes: readonly string[];
  close: () => void;
}

/** Faces behind a difference of two label sets. */
export function LabelChanges({ from, to, split, cell, classes, close }: LabelChangesProps): ReactNode {
  const { data, previousData, error, refetch } = useQuery(LabelChangesDocument, {
    variables: {
      from: from.id,
      to: to.id,
      split,
      before: cell?.before ?? null,
      after: cell?.after ?? null,
      first: shown,
    },
  });
  const samples = (data ?? (error ? undefined : previousData))?.labelSet?.diff.samples;
  const colours = classColours(classes);
  return (
    <section aria-label="Changed samples" data-testid="label-changes" className={styles.changes}>
      <div className={styles.changesHead}>
        <b>{cell ? `${from.name} ${cell.before}, ${to.name} ${cell.after}` : 'Labels that differ'}</b>
        {samples && (
          <span className="plot-weak">
            {integer(samples.totalCount)} samples{samples.totalCount > shown ? `, the first ${shown}` : ''}
          </span>
        )}
        {cell && (
          <ActionIcon variant="subtle" color="gray" aria-label="Close the list" onClick={close}>
            <CloseIcon />
          </ActionIcon>
        )}
      </div>
      {error && !samples ? (
        <Failure error={error} retry={refetch} />
      ) : !samples ? (
        <Loading height={150} />
      ) : samples.nodes.length === 0 ? (
        <p className="plot-note">{cell ? 'No sample is in this cell.' : 'No label differs.'}</p>
      ) : (
        <div className={styles.cards}>
          {samples.nodes.map(({ sample, from: before, to: after }) => (
            <SampleCard
              key={sample.id}
              href={routes.sample(sample.id)}
              imageUrl={sample.imageUrl}
              name={sample.key}
              given={before ?? '–'}
              other={after}
              classes={classes}
              colours={colours}
              distribution={sample.voteDistribution}
            />
          ))}
        </div>
      )}
    </section>
  );
}
