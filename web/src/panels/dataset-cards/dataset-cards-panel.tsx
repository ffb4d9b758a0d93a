'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { DatasetCardsDocument, type DatasetCardsQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { ClassName } from '../../plots/class-name';
import { DistributionStrip } from '../../plots/distribution-strip';
import { integer } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import styles from './dataset-cards.module.css';

export function DatasetCardsPanel(): ReactNode {
  const { data, error, refetch } = useQuery(DatasetCardsDocument, { fetchPolicy: 'cache-and-network' });
  const datasets = data?.datasets;
  return (
    <Panel title="Data sets" note={datasets && datasets.length > 0 ? `${datasets.length}` : undefined}>
      {error && !datasets ? <Failure error={error} retry={refetch} /> : !datasets ? <Loading height={210} /> : datasets.length === 0 ? <NoDatasets /> : (
        <div className={styles.cards}>{datasets.map((dataset) => <Card key={dataset.id} dataset={dataset} />)}</div>
      )}
    </Panel>
  );
}

function NoDatasets(): ReactNode {
  return (
    <Empty title="There is no data set yet">
      <p>Ada-DF learns how ambiguous each face is from images with given labels. Import a data set from the command line; the drawn faces need no download and have votes and true distributions.</p>
      <pre>npm run adadf -- --help{'\n'}npm run adadf -- import --help</pre>
      <p>Then open it here, look at the faces and start training.</p>
    </Empty>
  );
}

function Card({ dataset }: { dataset: DatasetCardsQuery['datasets'][number] }): ReactNode {
  const colours = classColours(dataset.classes);
  const counts = dataset.classes.map((_, place) => dataset.splits.reduce((sum, split) => sum + split.classCounts[place]!, 0));
  return (
    <article className={styles.card}>
      <div className={styles.faces}>{dataset.samples.nodes.map((sample) => <img key={sample.id} src={sample.imageUrl} alt={sample.givenLabel} title={`${sample.key}: ${sample.givenLabel}`} width={64} height={64} loading="lazy" />)}</div>
      <div className={styles.text}>
        <h3><Link href={routes.dataset(dataset.id)}>{dataset.name}</Link></h3>
        <p>{integer(dataset.sampleCount)} samples · {dataset.splits.map((split) => `${split.split.toLowerCase()} ${integer(split.samples)}`).join(' · ')}</p>
        <DistributionStrip classes={dataset.classes} values={counts} colours={colours} height={10} label={`Class balance: ${dataset.classes.map((name, place) => `${name} ${counts[place]}`).join(', ')}`} />
        <p className={styles.classes}>{dataset.classes.map((name, place) => <ClassName key={name} name={name} colour={colours[place]!} />)}</p>
        <p>{dataset.format} · {dataset.runs.length === 1 ? '1 run' : `${dataset.runs.length} runs`}</p>
      </div>
    </article>
  );
}
