'use client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { DatasetFacetsDocument, type DatasetFacetsQuery } from '../../graphql/generated/graphql';
import { datasetSampleFilter } from '../../navigation/sample-list';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import { ClassName } from '../../plots/class-name';
import { integer } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { Term } from '../../theme/term';
import { EntropyFacet } from './entropy-facet';
import { SavedLists } from './saved-lists';
import styles from './dataset-facets.module.css';

type Facets = NonNullable<DatasetFacetsQuery['dataset']>;
const filters = ['split', 'given', 'key', 'entropy', 'saved'] as const;

/** What the samples are, and each bar a filter of the wall below. */
export function DatasetFacetsPanel({ dataset: id }: { dataset: string }): ReactNode {
  const url = useUrlState();
  const filter = datasetSampleFilter(url.get);
  const { data, previousData, error, refetch } = useQuery(DatasetFacetsDocument, { variables: { id, filter } });
  const facets = (data ?? previousData)?.dataset;
  const active = filters.filter((name) => url.get(name));
  return (
    <Panel
      title="Narrow down"
      query={{ document: DatasetFacetsDocument, variables: { id, filter } }}
      note={facets && `${integer(facets.facets.total)} of ${integer(facets.all.total)} samples`}
      aside={
        active.length > 0 && (
          <Button variant="subtle" onClick={() => url.set(Object.fromEntries(active.map((name) => [name, null])))}>
            clear filters
          </Button>
        )
      }
    >
      {error && !facets ? (
        <Failure error={error} retry={refetch} />
      ) : !facets ? (
        <Loading height={180} />
      ) : (
        <div className={styles.facets}>
          <Splits facets={facets} url={url} />
          <Labels facets={facets} url={url} />
          {facets.all.votesEntropy.unknown < facets.all.total && (
            <section>
              <h3>
                <Term of="entropy">Entropy of the votes</Term>, nats
              </h3>
              <EntropyFacet
                all={facets.all.votesEntropy.counts}
                some={facets.facets.votesEntropy.counts}
                maximum={facets.all.votesEntropy.maximum}
                unknown={facets.facets.votesEntropy.unknown}
                url={url}
              />
            </section>
          )}
          <SavedLists dataset={id} url={url} />
        </div>
      )}
    </Panel>
  );
}

function Splits({ facets, url }: { facets: Facets; url: UrlState }): ReactNode {
  return (
    <section>
      <h3>Split</h3>
      {facets.all.splits.map(({ split, samples }) => (
        <Bar
          key={split}
          name={split.toLowerCase()}
          all={samples}
          some={facets.facets.splits.find((one) => one.split === split)?.samples ?? 0}
          highest={Math.max(...facets.all.splits.map((one) => one.samples))}
          active={url.get('split') === split}
          onClick={() => url.set({ split: url.get('split') === split ? null : split })}
        />
      ))}
    </section>
  );
}

function Labels({ facets, url }: { facets: Facets; url: UrlState }): ReactNode {
  const colours = classColours(facets.classes);
  return (
    <section>
      <h3>Given label</h3>
      <div className={facets.classes.length > 10 ? styles.many : undefined}>
        {facets.classes.map((name, place) => (
          <Bar
            key={name}
            name={<ClassName name={name} colour={colours[place]} />}
            all={facets.all.givenLabels[place] ?? 0}
            some={facets.facets.givenLabels[place] ?? 0}
            highest={Math.max(...facets.all.givenLabels)}
            active={url.get('given') === name}
            onClick={() => url.set({ given: url.get('given') === name ? null : name })}
          />
        ))}
      </div>
    </section>
  );
}

interface BarProps {
  name: ReactNode;
  all: number;
  some: number;
  highest: number;
  active: boolean;
  onClick: () => void;
}

function Bar({ name, all, some, highest, active, onClick }: BarProps): ReactNode {
  const share = (count: number): string => `${highest > 0 ? (count / highest) * 100 : 0}%`;
  return (
    <button type="button" className={styles.bar} aria-pressed={active} onClick={onClick}>
      <span className={styles.name}>{name}</span>
      <span className={styles.track} aria-hidden="true">
        <i style={{ width: share(all) }} />
        <b style={{ width: share(some) }} />
      </span>
      <span className="numbers">{integer(some)}</span>
    </button>
  );
}
