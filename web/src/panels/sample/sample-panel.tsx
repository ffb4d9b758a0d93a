'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { SampleDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { classColours } from '../../theme/palette';
import { Grid, PageHead, Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { Face } from './face';
import { SampleAnalysisPart } from './sample-analysis';
import { RunPicker, Walk } from './sample-controls';

/**
 * One face and all that is known and thought of it. `label` stands under it. The run is `?run=`, else the newest that
 * has an epoch.
 */
export function SamplePanel({
  sample: id,
  label,
  history,
}: {
  sample: string;
  label: ReactNode;
  history: (run: string) => ReactNode;
}): ReactNode {
  const url = useUrlState();
  const { data, error, refetch } = useQuery(SampleDocument, { variables: { id } });
  const sample = data?.sample;
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (data && !sample)
    return (
      <Empty title="This sample does not exist">
        <p>The address may be mistyped.</p>
      </Empty>
    );
  if (!sample)
    return (
      <>
        <PageHead crumbs={[{ label: 'Data', href: routes.datasets }]} title="…" />
        <Loading height={520} />
      </>
    );
  const analysed = sample.runs.filter((run) => run.epoch !== null);
  const run = sample.runs.find((one) => one.id === url.get('run')) ?? analysed[0];
  const known = { classes: sample.dataset.classes, colours: classColours(sample.dataset.classes) };
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Data', href: routes.datasets },
          { label: sample.dataset.name, href: routes.dataset(sample.dataset.id) },
          ...(run ? [{ label: run.name, href: routes.run(run.id) }] : []),
          { label: sample.key },
        ]}
        title={sample.key}
        aside={
          <>
            <RunPicker runs={analysed} run={run?.id ?? null} url={url} />
            <Walk sample={sample.id} dataset={sample.dataset.id} run={run?.id ?? null} url={url} />
          </>
        }
      />
      <Grid>
        <Face sample={sample} {...known} />
        {run?.epoch ? (
          <SampleAnalysisPart sample={sample} run={run.id} newest={run.epoch.number} {...known} url={url} />
        ) : (
          <Panel title="Distributions" span={9}>
            <Empty title="No run has analysed this face yet">
              <p>Label, class, fused and target distribution appear after the first epoch of a run on this data set.</p>
            </Empty>
          </Panel>
        )}
        {label}
        {run?.epoch && history(run.id)}
      </Grid>
    </>
  );
}
