'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { RunAttentionDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { AttentionByClass } from '../../plots/attention-by-class';
import { Panel } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';
import { useTrustPlace, type TrustPlace } from './use-trust-place';
import { useThings } from '../../theme/things-context';

/** Which classes the network trusts, and which it holds for doubtful. */
export function RunAttentionPanel({ run }: { run: string }): ReactNode {
  const place = useTrustPlace(run);
  return place && <Attention run={run} place={place} />;
}

function Attention({ run, place: { split, epoch, newest } }: { run: string; place: TrustPlace }): ReactNode {
  const variables = { id: run, split, epoch };
  const things = useThings();
  const { data, previousData, error, refetch } = useQuery(RunAttentionDocument, { variables });
  useRefetchOn(epoch === null ? newest : undefined, refetch);
  const all = (data ?? previousData)?.trainingRun?.attentionByClass;
  const rows = all?.flatMap(({ mean, minimum, p5, p95, maximum, ...row }) =>
    mean === null || minimum === null || p5 === null || p95 === null || maximum === null
      ? []
      : [{ ...row, mean, minimum, p5, p95, maximum }],
  );
  // A recorded run may have no attention.
  if (rows?.length === 0) return null;
  return (
    <Panel
      title="Attention w by class"
      span={6}
      note={`${split.toLowerCase()}, epoch ${epoch ?? newest}`}
      query={{ document: RunAttentionDocument, variables }}
    >
      {error && !rows ? (
        <Failure error={error} retry={refetch} />
      ) : !rows ? (
        <Loading height={200} />
      ) : (
        <>
          <AttentionByClass rows={rows} label="Attention w by given label" />
          <p className="plot-note">
            High: the network trusts {things.many} of this label. Tick: mean. Bar: 5th to 95th percentile. Line: lowest
            to highest.
          </p>
        </>
      )}
    </Panel>
  );
}
