'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { SampleDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { classColours } from '../../theme/palette';
import { Grid, PageHead, Panel } from '../../theme/panel';
import { Empty, Failure, Loading, Missing } from '../../theme/states';
import { Face, type SampleData } from './face';
import { SampleAnalysisPart } from './sample-analysis';
import { RunPicker, Walk } from './sample-controls';
import { thingsOf } from '../../theme/things';

export interface SamplePanelProps {
  sample: string;
  /** Stands under the face. */
  label: ReactNode;
  /** Of a run, under all. */
  history: (run: string) => ReactNode;
  /** Of a run and an epoch, under the distributions. */
  alike: (run: string, epoch: number) => ReactNode;
}

/** One face and all that is known and thought of it. The run is `?run=`, else the newest that has an epoch. */
export function SamplePanel({ sample: id, ...parts }: SamplePanelProps): ReactNode {
  const { data, previousData, error, refetch } = useQuery(SampleDocument, { variables: { id } });
  // The face before stays until the next one is there: nothing jumps.
  const sample = (data ?? (error ? undefined : previousData))?.sample;
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (data && !data.sample) return <Missing what="sample" href={routes.datasets} others="Data sets" />;
  if (!sample)
    return (
      <>
        <PageHead crumbs={[{ label: 'Data', href: routes.datasets }]} title="…" />
        <Loading height={520} />
      </>
    );
  return <Known sample={sample} {...parts} />;
}

function Known({
  sample,
  label,
  history,
  alike,
}: Omit<SamplePanelProps, 'sample'> & { sample: SampleData }): ReactNode {
  const url = useUrlState();
  const analysed = sample.runs.filter((run) => run.epoch !== null);
  const run = sample.runs.find((one) => one.id === url.get('run')) ?? analysed[0];
  const newest = run?.epoch?.number ?? null;
  if (newest !== null && (url.count('epoch') ?? 1) > newest) url.refuse('epoch', `this run has epochs 1 to ${newest}.`);
  const epoch = newest === null ? null : Math.min(url.count('epoch') ?? newest, newest);
  const known = { classes: sample.dataset.classes, colours: classColours(sample.dataset.classes) };
  const walk = { sample: sample.id, dataset: sample.dataset.id, run: run?.id ?? null, epoch, url };
  return (
    <>
      <title>{`${sample.key} · Ada-DF`}</title>
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
            <Walk {...walk} />
          </>
        }
      />
      <Grid>
        <Face sample={sample} {...known} />
        {run && newest !== null && epoch !== null ? (
          <SampleAnalysisPart sample={sample} run={run.id} newest={newest} epoch={epoch} {...known} url={url} />
        ) : (
          <Panel title="Distributions" span={9}>
            <Empty title={`No run has analysed this ${thingsOf(sample.dataset.classes).one} yet`}>
              <p>Label, class, fused and target distribution appear after the first epoch of a run on this data set.</p>
            </Empty>
          </Panel>
        )}
        {label}
        {run && newest !== null && history(run.id)}
        {run && epoch !== null && alike(run.id, epoch)}
      </Grid>
    </>
  );
}
