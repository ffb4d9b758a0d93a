'use client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { WelcomeDocument, type WelcomeQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { PageHead } from '../../theme/panel';
import { type Things, thingsOfAll } from '../../theme/things';
import { WordsOf } from '../../theme/things-context';
import { Term } from '../../theme/term';
import styles from './welcome.module.css';

/** What the platform does, in a sentence, and what one does next with what is there. */
export function WelcomePanel({ draw }: { draw: ReactNode }): ReactNode {
  const { data } = useQuery(WelcomeDocument, { fetchPolicy: 'cache-and-network' });
  const things = thingsOfAll(data?.datasets ?? []);
  return (
    <WordsOf things={things}>
      <PageHead crumbs={[]} title={`How ambiguous is ${things.aOne}?`} tab="First page" />
      <section className={styles.welcome} aria-label="What to do next">
        <p>
          <Term of="adaDf">Ada-DF</Term> learns for every {things.one} how it spreads over the {things.classes}: its{' '}
          <Term of="labelDistribution">label</Term>, <Term of="classDistribution">class</Term>,{' '}
          <Term of="fusedDistribution">fused</Term> and <Term of="targetDistribution">target distribution</Term>. See
          which labels are doubtful and why, mend them, train again, and know whether it helped.
        </p>
        <Steps data={data} things={things} draw={draw} />
      </section>
    </WordsOf>
  );
}

interface StepsProps {
  data: WelcomeQuery | undefined;
  things: Things;
  draw: ReactNode;
}

function Steps({ data, things, draw }: StepsProps): ReactNode {
  const step = stepOf(data);
  return (
    <ol className={styles.steps}>
      <li data-next={step === 'data' || undefined}>
        <b>Bring {things.many}</b>
        <span>An archive or a folder of your own; or drawn faces, whose truth is known.</span>
        <div>
          <Button component={Link} href={routes.importDataset} variant={step === 'data' ? 'filled' : 'light'}>
            Import a data set
          </Button>
          {draw}
        </div>
      </li>
      <li data-next={step === 'train' || undefined}>
        <b>Train</b>
        <span>A first result comes with the settings as they are.</span>
        <div>
          <Button
            component={Link}
            href={routes.train(data?.datasets[0] ? { dataset: data.datasets[0].id } : {})}
            variant={step === 'train' ? 'filled' : 'light'}
          >
            Start training
          </Button>
        </div>
      </li>
      <li data-next={step === 'look' || undefined}>
        <b>See why</b>
        <span>Every number leads to its {things.many}.</span>
        <div>
          <Button component={Link} href={routes.explore} variant={step === 'look' ? 'filled' : 'light'}>
            Explore
          </Button>
        </div>
      </li>
      <li>
        <b>Mend and prove it</b>
        <span>Decide on doubtful labels by keyboard, train again, compare.</span>
        <div>
          <Button component={Link} href={routes.review()} variant="light">
            Review labels
          </Button>
        </div>
      </li>
    </ol>
  );
}

function stepOf(data: WelcomeQuery | undefined): 'data' | 'train' | 'look' | null {
  if (!data) return null;
  if (data.datasets.length === 0) return 'data';
  return data.datasets.some((one) => one.runs.some((run) => run.state === 'COMPLETED')) ? 'look' : 'train';
}
