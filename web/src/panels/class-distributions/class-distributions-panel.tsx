'use client';
import { useQuery } from '@apollo/client/react';
import { useState, type ReactNode } from 'react';
import { ClassDistributionsDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useUrlState } from '../../navigation/url-state';
import { ClassHeatMap } from '../../plots/class-heat-map';
import { EpochSlider } from '../../plots/epoch-slider';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';

/** What class distribution mining found, epoch by epoch. The epoch is the page's, in the URL. */
export function ClassDistributionsPanel({ run: id }: { run: string }): ReactNode {
  const url = useUrlState();
  const { data, error, refetch } = useQuery(ClassDistributionsDocument, { variables: { id } });
  const [moving, setMoving] = useState<number | null>(null);
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.epoch?.number ?? 0) : undefined, refetch);
  const epochs = run?.epochs ?? [];
  const last = epochs.at(-1)?.number ?? 0;
  if (last > 0 && (url.count('epoch') ?? 1) > last) url.refuse('epoch', `this run has epochs 1 to ${last}.`);
  const chosen = Math.min(moving ?? url.count('epoch') ?? last, last);
  const shown = epochs.find((epoch) => epoch.number === chosen) ?? epochs.at(-1);
  const choose = (epoch: number): void => {
    setMoving(null);
    url.set({ epoch: epoch === last ? null : String(epoch) });
  };
  return (
    <Panel
      title="Class distributions"
      query={{ document: ClassDistributionsDocument, variables: { id } }}
      note={run?.configuration && `threshold t = ${run.configuration.threshold}`}
      aside={shown && <EpochSlider last={last} epoch={shown.number} onMove={setMoving} onChoose={choose} />}
    >
      {error && !run ? (
        <Failure error={error} retry={refetch} />
      ) : !run ? (
        <Loading height={300} />
      ) : !shown ? (
        <Empty title="Nothing mined yet" />
      ) : !shown.classDistributions ? (
        <Empty title="Not recorded">
          <p>Whoever recorded this run sent no class distributions.</p>
        </Empty>
      ) : (
        <>
          <ClassHeatMap rows={shown.classDistributions} label={`Class distributions of epoch ${shown.number}`} />
          {run.configuration && (
            <Note
              rows={shown.classDistributions}
              threshold={run.configuration.threshold}
              fallback={run.configuration.fallback}
              early={shown.number <= run.configuration.beta}
            />
          )}
        </>
      )}
    </Panel>
  );
}

interface NoteProps {
  rows: readonly { class: string; fallback: boolean | null }[];
  threshold: number;
  fallback: string;
  early: boolean;
}

function Note({ rows, threshold, fallback, early }: NoteProps): ReactNode {
  const back = rows.filter((row) => row.fallback).map((row) => row.class);
  return (
    <p className="plot-note">
      Row y is the mean label distribution of the training samples labelled y.{' '}
      {back.length === 0
        ? 'Every class was mined.'
        : `${back.join(', ')} stayed below ${threshold} of their own class, so ${back.length === 1 ? 'its row is' : 'their rows are'} the ${fallback.toLowerCase()} fallback${early ? ', as is usual during the ramp' : ': after the ramp this says that the class is hard or rare'}.`}
    </p>
  );
}
