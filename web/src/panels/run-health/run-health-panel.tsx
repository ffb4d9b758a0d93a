'use client';
import { useQuery } from '@apollo/client/react';
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { type HealthSignature, RunHealthDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { compact } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Failure } from '../../theme/states';

const names: Record<HealthSignature, string> = {
  AUXILIARY_LEARNED_NOTHING: 'The auxiliary branch has learned nothing',
  ATTENTION_COLLAPSED: 'Attention has collapsed',
  CLASS_DISTRIBUTION_UNRELIABLE: 'A class distribution is unreliable',
  MEMORISING_NOISE: 'Labels are being memorised',
};

/** Signs that the training goes wrong, with what was measured and what to try; nothing where all is well. */
export function RunHealthPanel({ run: id }: { run: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunHealthDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
  });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.newest?.number ?? 0) : undefined, refetch);
  if (error && !run)
    return (
      <Panel title="Health">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!run || run.health.length === 0) return null;
  return (
    <Panel title="Health" note={`after epoch ${run.newest?.number}`}>
      {run.health.map(({ signature, since, evidence, advice, measure, value, threshold }) => (
        <Alert key={signature} color="yellow" role="status" title={`${names[signature]}, since epoch ${since}`} mb="xs">
          {evidence} <b>To try:</b> {advice}
          <p className="plot-note">
            {measure}: {compact(value)}, threshold {compact(threshold)}.
          </p>
        </Alert>
      ))}
    </Panel>
  );
}
