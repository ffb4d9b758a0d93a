'use client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import Link from 'next/link';
import { useEffect, type ReactNode } from 'react';
import { DatasetCardsDocument, type DatasetCardsQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { ClassName } from '../../plots/class-name';
import { DistributionStrip } from '../../plots/distribution-strip';
import { integer } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import styles from './dataset-cards.module.css';

/** Milliseconds. */
const firstDatasetInterval = 4000;

export function DatasetCardsPanel(): ReactNode {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(DatasetCardsDocument, {
    fetchPolicy: 'cache-and-network',
  });
  const datasets = data?.datasets;
  const empty = datasets?.length === 0;
  useEffect(() => {
    // The first data set is made outside the dashboard, and the newcomer waits for it here.
    if (!empty) return;
    startPolling(firstDatasetInterval);
    return stopPolling;
  }, [empty, startPolling, stopPolling]);
  return (
    <Panel
      title="Data sets"
      query={{ document: DatasetCardsDocument, variables: {} }}
      note={datasets && datasets.length > 0 ? `${datasets.length}` : undefined}
      aside={
        <Button component={Link} href={routes.importDataset} variant="light">
          Import
        </Button>
      }
    >
      {error && !datasets ? (
        <Failure error={error} retry={refetch} />
      ) : !datasets ? (
        <Loading height={210} />
      ) : datasets.length === 0 ? (
        <NoDatasets />
      ) : (
        <div className={styles.cards}>
          {datasets.map((dataset) => (
            <Card key={dataset.id} dataset={dataset} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function NoDatasets(): ReactNode {
  return (
    <Empty title="There is no data set yet">
      <p>
        Ada-DF learns from images with given labels how ambiguous each of them is. Drawn faces need no download and come
        with votes and true distributions; your own data set is <Link href={routes.importDataset}>imported</Link> from
        an archive or a folder.
      </p>
      <pre>npm run adadf -- draw-faces{'\n'}npm run adadf -- import --help</pre>
      <p>It appears here by itself. Then open it, look at its images and start training.</p>
    </Empty>
  );
}

/** Classes that a card names. */
const mostNamed = 12;

function Card({ dataset }: { dataset: DatasetCardsQuery['datasets'][number] }): ReactNode {
  const colours = classColours(dataset.classes);
  const counts = dataset.classes.map((_, place) =>
    dataset.splits.reduce((sum, split) => sum + split.classCounts[place], 0),
  );
  return (
    <article className={styles.card}>
      <div className={styles.faces}>
        {dataset.samples.nodes.map((sample) => (
          <img
            key={sample.id}
            src={sample.imageUrl}
            alt={sample.givenLabel}
            title={`${sample.key}: ${sample.givenLabel}`}
            width={64}
            height={64}
            loading="lazy"
          />
        ))}
      </div>
      <div className={styles.text}>
        <h3>
          <Link href={routes.dataset(dataset.id)}>{dataset.name}</Link>
        </h3>
        <p>
          {integer(dataset.sampleCount)} samples ·{' '}
          {dataset.splits.map((split) => `${split.split.toLowerCase()} ${integer(split.samples)}`).join(' · ')}
        </p>
        <DistributionStrip
          classes={dataset.classes}
          values={counts}
          colours={colours}
          height={10}
          label={`Class balance: ${dataset.classes.map((name, place) => `${name} ${counts[place]}`).join(', ')}`}
        />
        <p className={styles.classes}>
          {dataset.classes.slice(0, mostNamed).map((name, place) => (
            <ClassName key={name} name={name} colour={colours[place]} />
          ))}
          {dataset.classes.length > mostNamed && <span>and {dataset.classes.length - mostNamed} more</span>}
        </p>
        <p>
          {dataset.format} · {dataset.runs.length === 1 ? '1 run' : `${dataset.runs.length} runs`}
        </p>
      </div>
    </article>
  );
}
