'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useCallback, useRef, type ReactNode } from 'react';
import { ImageWallDocument, type ImageWallQuery, type Split } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { datasetSampleFilter, listQuery, splits } from '../../navigation/sample-list';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import { SampleGrid } from '../../plots/sample-grid';
import { integer } from '../../theme/format';
import { SearchIcon } from '../../theme/icons';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';

const pageSize = 120;

/** Every face of a data set, filtered by split, given label and key. The filters are in the URL. */
export function ImageWallPanel({ dataset: id }: { dataset: string }): ReactNode {
  const url = useUrlState();
  const filter = datasetSampleFilter(url.get);
  const { data, previousData, error, refetch, fetchMore } = useQuery(ImageWallDocument, {
    variables: { id, first: pageSize, filter },
  });
  const dataset = (data ?? previousData)?.dataset;
  const more = useMore(dataset, fetchMore);
  if (data && !data.dataset) return null;
  const colours = classColours(dataset?.classes ?? []);
  const query = { ...listQuery(url.get), list: 'dataset' };
  return (
    <Panel
      title="Faces"
      note={dataset && `${integer(dataset.samples.totalCount)} shown`}
      aside={
        <Filters
          url={url}
          classes={dataset?.classes ?? []}
          present={dataset?.splits.map((one) => one.split) ?? splits}
        />
      }
      flush
    >
      {error && !dataset ? (
        <Failure error={error} retry={refetch} />
      ) : !dataset ? (
        <Loading height={420} />
      ) : dataset.samples.nodes.length === 0 ? (
        <Empty title="No face matches">
          <p>Widen the filters: another split, another label, or less of the key.</p>
        </Empty>
      ) : (
        <SampleGrid
          label="Faces"
          height="min(74vh, 760px)"
          total={dataset.samples.totalCount}
          hasMore={dataset.samples.pageInfo.hasNextPage}
          onMore={more}
          samples={dataset.samples.nodes.map((sample) => ({
            id: sample.id,
            href: routes.sample(sample.id, query),
            imageUrl: sample.imageUrl,
            name: sample.key,
            given: sample.givenLabel,
            other: sample.cleanLabel,
            classes: dataset.classes,
            colours,
            distribution: sample.voteDistribution,
          }))}
        />
      )}
      <p className="plot-note" style={{ padding: '0 14px 10px' }}>
        The strip under a face is the distribution of the votes, where there are any; a second label is the clean one,
        where it differs.
      </p>
    </Panel>
  );
}

type Wall = NonNullable<ImageWallQuery['dataset']>;
type FetchMore = ReturnType<typeof useQuery<ImageWallQuery>>['fetchMore'];

/** Adds the next page, one at a time. */
function useMore(dataset: Wall | null | undefined, fetchMore: FetchMore): () => void {
  const busy = useRef(false);
  const cursor = dataset?.samples.pageInfo.endCursor;
  return useCallback(() => {
    if (busy.current || !cursor) return;
    busy.current = true;
    void fetchMore({
      variables: { after: cursor },
      updateQuery: (before, { fetchMoreResult }) => {
        if (!before.dataset || !fetchMoreResult.dataset) return before as ImageWallQuery;
        const next = fetchMoreResult.dataset.samples;
        return {
          ...before,
          dataset: {
            ...before.dataset,
            samples: { ...next, nodes: [...before.dataset.samples!.nodes!, ...next.nodes] },
          },
        } as ImageWallQuery;
      },
    }).finally(() => {
      busy.current = false;
    });
  }, [cursor, fetchMore]);
}

function Filters({
  url,
  classes,
  present,
}: {
  url: UrlState;
  classes: readonly string[];
  present: readonly Split[];
}): ReactNode {
  const search = useDebouncedCallback((text: string) => url.set({ key: text }), 250);
  return (
    <>
      <NativeSelect
        aria-label="Split"
        value={url.get('split') ?? ''}
        data={[
          { value: '', label: 'every split' },
          ...present.map((one) => ({ value: one, label: one.toLowerCase() })),
        ]}
        onChange={(event) => url.set({ split: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Given label"
        value={url.get('given') ?? ''}
        data={[{ value: '', label: 'every label' }, ...classes]}
        onChange={(event) => url.set({ given: event.currentTarget.value })}
      />
      <TextInput
        aria-label="Key contains"
        placeholder="key contains"
        leftSection={<SearchIcon />}
        defaultValue={url.get('key') ?? ''}
        onChange={(event) => search(event.currentTarget.value)}
        w={170}
      />
    </>
  );
}
