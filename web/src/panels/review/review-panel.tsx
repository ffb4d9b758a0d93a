'use client';
import { useQuery } from '@apollo/client/react';
import { useLocalStorage } from '@mantine/hooks';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ReviewChoicesDocument, type ReviewChoicesQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { PageHead, Panel } from '../../theme/panel';
import { Empty, Failure, Loading, WrongAddress } from '../../theme/states';
import { AfterReview } from './after-review';
import { queueSettings, type QueueSettings } from './queue';
import { ReviewSetup } from './review-setup';
import { ReviewSitting } from './review-sitting';
import { thingsOf } from '../../theme/things';
import { WordsOf } from '../../theme/things-context';

/** Faces with doubtful labels, one after the other, decided by keyboard; then trained again. */
export function ReviewPanel(): ReactNode {
  const url = useUrlState();
  const asked = queueSettings(url.get);
  const { data, error, refetch } = useQuery(ReviewChoicesDocument, { fetchPolicy: 'cache-and-network' });
  const [author, setAuthor] = useLocalStorage({ key: 'relabel-author', defaultValue: '' });
  const chosen = data && chosenRun(data, asked);
  const settings = { ...asked, run: chosen?.run.id ?? null, dataset: chosen?.dataset.id ?? asked.dataset };
  const wrong = data && asked.run !== null && !chosen;
  return (
    <>
      <PageHead
        crumbs={[{ label: 'Review' }]}
        title="Review labels"
        tab={chosen ? `Review ${chosen.dataset.name}` : 'Review'}
      />
      <WrongAddress
        problems={wrong ? [`There is no run ${asked.run} that has recorded an epoch.`] : []}
        mend={() => url.set({ run: null, dataset: null })}
      />
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Loading height={480} />
      ) : chosen ? (
        <WordsOf things={thingsOf(chosen.dataset.classes)}>
          <ReviewSitting
            key={`${settings.run} ${url.query}`}
            settings={settings}
            author={author}
            setup={
              <ReviewSetup
                url={url}
                settings={settings}
                datasets={data.datasets}
                author={author}
                setAuthor={setAuthor}
              />
            }
          />
          <AfterReview dataset={chosen.dataset.id} run={chosen.run.id} />
        </WordsOf>
      ) : (
        !wrong && <NothingYet />
      )}
    </>
  );
}

interface Chosen {
  run: ReviewChoicesQuery['datasets'][number]['runs'][number];
  dataset: ReviewChoicesQuery['datasets'][number];
}

/** The run that the address names, else the newest of its data set that has looked at faces. */
function chosenRun({ datasets }: ReviewChoicesQuery, { run: id, dataset: set }: QueueSettings): Chosen | undefined {
  const all = datasets.flatMap((dataset) =>
    dataset.runs.filter((run) => run.epoch !== null).map((run) => ({ run, dataset })),
  );
  if (id !== null) return all.find(({ run }) => run.id === id);
  return set === null ? all[0] : all.find(({ dataset }) => dataset.id === set);
}

function NothingYet(): ReactNode {
  return (
    <Panel title="Nothing to review yet">
      <Empty title="No run has looked at images yet">
        <p>
          A review begins with what a run finds doubtful. <Link href={routes.train()}>Start a training</Link>; after its
          first epoch they come here.
        </p>
      </Empty>
    </Panel>
  );
}
