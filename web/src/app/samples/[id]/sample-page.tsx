'use client';
import type { ReactNode } from 'react';
import { RelabelPanel } from '../../../panels/relabel/relabel-panel';
import { SampleHistoryPanel } from '../../../panels/sample-history/sample-history-panel';
import { SamplePanel } from '../../../panels/sample/sample-panel';

/** Panels do not know each other: the page gives the history the run that the sample panel shows. */
export function SamplePage({ sample }: { sample: string }): ReactNode {
  return (
    <SamplePanel
      sample={sample}
      label={<RelabelPanel key={sample} sample={sample} />}
      history={(run) => <SampleHistoryPanel sample={sample} run={run} />}
    />
  );
}
