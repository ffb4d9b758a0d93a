'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Button, NativeSelect } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import {
  ExplainSampleDocument,
  SaliencyModelDocument,
  type ExplainSampleMutation,
  type SaliencyModelQuery,
} from '../../graphql/generated/graphql';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import styles from './sample-saliency.module.css';

type Explained = ExplainSampleMutation['explain'];
type Face = NonNullable<SaliencyModelQuery['sample']>;

/** Where both branches look in a face for one class (Grad-CAM); asked for by a button, for it costs a forward pass. */
export function SampleSaliencyPanel({ sample: id, run }: { sample: string; run: string }): ReactNode {
  const { data, error, refetch } = useQuery(SaliencyModelDocument, { variables: { run, sample: id } });
  const [explain, asked] = useMutation(ExplainSampleDocument);
  const [chosen, setChosen] = useState<string | null>(null);
  const model = data?.trainingRun?.model;
  const found = asked.data?.explain;
  const name = chosen ?? strongestOf(found);
  const ask = (): void =>
    void explain({ variables: { input: { model: model?.id, sample: id, size: 224 } } }).catch(() => undefined);
  if (data && (!model || model.checkpoints.length === 0)) return null;
  return (
    <Panel
      title="Where it looks"
      note={found ? `Grad-CAM, checkpoint of epoch ${found.checkpoint.epoch}` : 'Grad-CAM of both branches'}
      aside={
        found &&
        model && (
          <NativeSelect
            aria-label="Class"
            value={name ?? ''}
            data={model.classes}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : asked.error ? (
        <Failure error={asked.error} retry={ask} />
      ) : !data?.sample ? (
        <Loading height={60} />
      ) : found && name ? (
        <Faces found={found} face={data.sample} name={name} />
      ) : (
        <Empty title="Not asked yet">
          <Button variant="light" loading={asked.loading} onClick={ask} data-testid="explain">
            Show where it looks
          </Button>
        </Empty>
      )}
    </Panel>
  );
}

/** The class that the target branch finds most of. */
function strongestOf(found: Explained | undefined): string | null {
  const target = found?.maps.filter((map) => map.branch === 'TARGET') ?? [];
  return (
    target.reduce<(typeof target)[number] | null>(
      (best, map) => (best === null || map.highest > best.highest ? map : best),
      null,
    )?.class ?? null
  );
}

function Faces({ found, face, name }: { found: Explained; face: Face; name: string }): ReactNode {
  return (
    <>
      <div className={styles.faces}>
        {found.maps
          .filter((map) => map.class === name)
          .map((map) => (
            <figure key={map.branch} className={styles.face}>
              <div className={styles.stack}>
                <img src={face.imageUrl} alt={face.key} />
                <img src={map.png} alt={`Where the ${map.branch.toLowerCase()} branch finds ${map.class}`} />
              </div>
              <figcaption>
                {map.branch.toLowerCase()} branch, {name}: up to {map.highest.toPrecision(2)} of the logit
              </figcaption>
            </figure>
          ))}
      </div>
      <p className="plot-note">
        Each picture is scaled by its own highest number, from {found.height} × {found.width} cells; all clear: nothing
        speaks for the class.
      </p>
    </>
  );
}
