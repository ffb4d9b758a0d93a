'use client';
import { useQuery } from '@apollo/client/react';
import { Alert, NativeSelect, TextInput } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { ModelsDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import { csvOfTable, DataTable, type TableSort } from '../../theme/data-table';
import { SearchIcon } from '../../theme/icons';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { TakeAway } from '../../theme/take-away';
import { ImportModel } from './import-model';
import { ModelDetails } from './model-details';
import { modelColumns, versionOf } from './model-columns';
import type { ModelRow } from './model-row';
import styles from './models.module.css';

/** The registry: a line a version, what it is and does under the line that is chosen. */
export function ModelsPanel(): ReactNode {
  const url = useUrlState();
  const { data, error, refetch } = useQuery(ModelsDocument, { fetchPolicy: 'cache-and-network' });
  const [problem, setProblem] = useState<string | null>(null);
  const models = data?.models;
  const changed = (): void => {
    setProblem(null);
    void refetch();
  };
  const chosen = models?.find((model) => model.id === url.get('model')) ?? null;
  return (
    <>
      <Panel
        title="Registry"
        note={models && models.length > 0 ? countOf(models) : undefined}
        span={chosen ? 7 : 12}
        aside={
          <>
            {models && models.length > 0 && <Filters url={url} models={models} />}
            <ImportModel imported={changed} />
          </>
        }
        flush
      >
        {problem && (
          <Alert color="red" role="alert" m="sm" withCloseButton onClose={() => setProblem(null)}>
            {problem}
          </Alert>
        )}
        {error && !models ? (
          <Failure error={error} retry={refetch} />
        ) : !models ? (
          <Loading height={260} />
        ) : models.length === 0 ? (
          <Empty title="No models yet">
            <p>
              Every training run makes one: <Link href={routes.train()}>train</Link>, or import weights here.
            </p>
          </Empty>
        ) : (
          <Versions models={models} url={url} chosen={chosen} />
        )}
      </Panel>
      {chosen && models && (
        <ModelDetails
          key={chosen.id}
          model={chosen}
          models={models}
          changed={changed}
          failed={setProblem}
          close={() => url.set({ model: null })}
        />
      )}
    </>
  );
}

function countOf(models: readonly ModelRow[]): string {
  const families = new Set(models.map(({ family }) => family)).size;
  return `${models.length} in ${families} ${families === 1 ? 'family' : 'families'}`;
}

function Filters({ url, models }: { url: UrlState; models: readonly ModelRow[] }): ReactNode {
  const families = [...new Set(models.map(({ family }) => family))].sort();
  return (
    <>
      <TextInput
        aria-label="Find a model"
        placeholder="find"
        leftSection={<SearchIcon />}
        value={url.get('find') ?? ''}
        onChange={(event) => url.set({ find: event.currentTarget.value })}
        w={140}
      />
      <NativeSelect
        aria-label="Family"
        maw={180}
        value={url.get('family') ?? ''}
        data={[{ value: '', label: 'every family' }, ...families]}
        onChange={(event) => url.set({ family: event.currentTarget.value })}
      />
      <NativeSelect
        aria-label="Stage"
        value={url.get('stage') ?? ''}
        data={[
          { value: '', label: 'every stage' },
          { value: 'PRODUCTION', label: 'in production' },
          { value: 'CANDIDATE', label: 'candidates' },
          { value: 'ARCHIVED', label: 'archived' },
        ]}
        onChange={(event) => url.set({ stage: event.currentTarget.value })}
      />
    </>
  );
}

function Versions(props: { models: readonly ModelRow[]; url: UrlState; chosen: ModelRow | null }): ReactNode {
  const { models, url, chosen } = props;
  const [sort, setSort] = useState<TableSort | null>(null);
  const find = (url.get('find') ?? '').toLowerCase();
  const rows = models.filter(
    (model) =>
      (!url.get('family') || model.family === url.get('family')) &&
      (!url.get('stage') || model.stage === url.get('stage')) &&
      (find === '' || `${versionOf(model)} ${model.name} ${model.run?.name ?? ''}`.toLowerCase().includes(find)),
  );
  const columns = modelColumns((id) => url.set({ model: chosen?.id === id ? null : id }), chosen?.id ?? null);
  return (
    <>
      <div className={styles.registry} data-scroll="registry">
        <DataTable
          label="Models"
          rows={rows}
          rowKey={(model) => model.id}
          columns={columns}
          sort={sort}
          onSort={setSort}
        />
      </div>
      <div className={styles.foot}>
        {rows.length < models.length && (
          <span className="plot-weak">
            {rows.length} of {models.length} shown
          </span>
        )}
        <TakeAway
          name="models"
          csv={() => csvOfTable(rows, columns, null)}
          query={{ document: ModelsDocument, variables: {} }}
        />
      </div>
    </>
  );
}
