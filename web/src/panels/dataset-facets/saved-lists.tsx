'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { DatasetListsDocument, DeleteSampleListDocument } from '../../graphql/generated/graphql';
import type { UrlState } from '../../navigation/url-state';
import { integer } from '../../theme/format';
import { Failure } from '../../theme/states';
import styles from './dataset-facets.module.css';

/** Lists that people saved, each a filter; asked for again before one is deleted. */
export function SavedLists({ dataset: id, url }: { dataset: string; url: UrlState }): ReactNode {
  const { data, error, refetch } = useQuery(DatasetListsDocument, { variables: { id } });
  const [remove] = useMutation(DeleteSampleListDocument);
  const [asked, setAsked] = useState<string | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const lists = data?.dataset?.sampleLists ?? [];
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (lists.length === 0) return null;
  const drop = async (list: string): Promise<void> => {
    try {
      await remove({ variables: { list } });
      if (url.get('saved') === list) url.set({ saved: null });
      await refetch();
    } catch (failure) {
      setProblem(failure as Error);
    }
    setAsked(null);
  };
  return (
    <section>
      <h3>Saved lists</h3>
      {problem && <Failure error={problem} />}
      {lists.map((list) => (
        <div key={list.id} className={styles.list}>
          <button
            type="button"
            className={styles.bar}
            aria-pressed={url.get('saved') === list.id}
            title={list.note ?? undefined}
            onClick={() => url.set({ saved: url.get('saved') === list.id ? null : list.id })}
          >
            <span className={styles.name}>{list.name}</span>
            <span className="numbers">{integer(list.size)}</span>
          </button>
          {asked === list.id ? (
            <>
              <Button size="compact-xs" color="red" onClick={() => void drop(list.id)}>
                Delete
              </Button>
              <Button size="compact-xs" variant="default" onClick={() => setAsked(null)}>
                Keep
              </Button>
            </>
          ) : (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`Delete the list ${list.name}`}
              onClick={() => setAsked(list.id)}
            >
              ×
            </Button>
          )}
        </div>
      ))}
    </section>
  );
}
