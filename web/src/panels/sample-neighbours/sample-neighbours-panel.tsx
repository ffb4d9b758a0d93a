'use client';
import { useQuery } from '@apollo/client/react';
import { useInViewport } from '@mantine/hooks';
import { useEffect, useState, type ReactNode } from 'react';
import { SampleNeighboursDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { SampleCard } from '../../plots/sample-card';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import styles from './sample-neighbours.module.css';

const shown = 12;

interface NeighboursProps {
  sample: string;
  run: string;
  epoch: number;
}

/** Faces that the run sees most alike. Asked for when the panel comes into view: the first question of an epoch costs. */
export function SampleNeighboursPanel({ sample: id, run, epoch }: NeighboursProps): ReactNode {
  const { ref, inViewport } = useInViewport<HTMLDivElement>();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (inViewport) setSeen(true);
  }, [inViewport]);
  const { data, previousData, error, refetch } = useQuery(SampleNeighboursDocument, {
    variables: { id, run, epoch, first: shown },
    skip: !seen,
  });
  const sample = (data ?? previousData)?.sample;
  const neighbours = sample?.analysis?.neighbours;
  const classes = sample?.dataset.classes ?? [];
  return (
    <Panel
      title="Seen alike"
      query={{ document: SampleNeighboursDocument, variables: { id, run, epoch, first: shown } }}
      note="nearest target distributions, by Hellinger’s distance: 0 is the same, 1 has nothing in common"
    >
      <div ref={ref}>
        {error && !neighbours ? (
          <Failure error={error} retry={refetch} />
        ) : !neighbours ? (
          <Loading height={150} />
        ) : neighbours.length === 0 ? (
          <Empty title="There is no other sample" />
        ) : (
          <div className={styles.cards}>
            {neighbours.map(({ distance, analysis }) => (
              <SampleCard
                key={analysis.sample.id}
                href={routes.sample(analysis.sample.id, { run })}
                imageUrl={analysis.sample.imageUrl}
                name={analysis.sample.key}
                given={analysis.givenLabel}
                other={analysis.targetLabel}
                classes={classes}
                colours={classColours(classes)}
                distribution={analysis.targetDistribution}
                measure={`${distance.toFixed(3)} away`}
              />
            ))}
          </div>
        )}
      </div>
    </Panel>
  );
}
