'use client';
import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { ExploreFacesDocument, type ExploreFacesQuery } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { SampleGrid } from '../../plots/sample-grid';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Failure } from '../../theme/states';
import type { ExploredRun } from './explored';
import { thingsOf } from '../../theme/things';

interface FacesProps {
  run: ExploredRun;
  epoch: number;
  newest: number;
  ids: readonly string[];
}

/** Ids stand in the address of the question, which has to stay short. */
const pageSize = 60;
type Face = NonNullable<ExploreFacesQuery['trainingRun']>['analyses']['nodes'][number];

/** The faces of samples, page by page as they come into view. */
export function SelectedFaces({ run, epoch, newest, ids }: FacesProps): ReactNode {
  const { faces, more, error } = useFaces(run.id, epoch < newest ? epoch : null, ids);
  const { classes } = run.dataset;
  return (
    <Panel title={thingsOf(classes).Many} flush>
      {error && <Failure error={error} />}
      <SampleGrid
        label="Chosen samples"
        height="520px"
        total={ids.length}
        hasMore={faces.length < ids.length}
        onMore={more}
        samples={faces.map((face) => ({
          id: face.sample.id,
          href: routes.sample(face.sample.id, { run: run.id }),
          imageUrl: face.sample.imageUrl,
          name: face.sample.key,
          given: face.givenLabel,
          other: face.targetLabel,
          classes,
          colours: classColours(classes),
          distribution: face.targetDistribution,
        }))}
      />
    </Panel>
  );
}

function useFaces(run: string, epoch: number | null, ids: readonly string[]) {
  const client = useApolloClient();
  const [state, setState] = useState<{ ids: readonly string[]; faces: readonly Face[]; error: Error | null }>({
    ids,
    faces: [],
    error: null,
  });
  const busy = useRef<readonly string[] | null>(null);
  const faces = state.ids === ids ? state.faces : [];
  const more = useCallback(() => {
    if (busy.current === ids || faces.length >= ids.length) return;
    busy.current = ids;
    const wanted = ids.slice(faces.length, faces.length + pageSize);
    client
      .query({
        query: ExploreFacesDocument,
        variables: { id: run, epoch, filter: { samples: wanted }, first: pageSize },
      })
      .then(({ data }) =>
        setState({ ids, faces: [...faces, ...(data?.trainingRun?.analyses.nodes ?? [])], error: null }),
      )
      .catch((error: unknown) => setState({ ids, faces, error: error as Error }))
      .finally(() => {
        busy.current = null;
      });
  }, [client, run, epoch, ids, faces]);
  useEffect(() => {
    if (faces.length === 0 && ids.length > 0 && state.error === null) more();
  }, [ids, more, faces.length, state.error]);
  return { faces, more, error: state.ids === ids ? state.error : null };
}
