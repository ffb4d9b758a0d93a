'use client';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { RelabelPanel } from '../../../panels/relabel/relabel-panel';
import { SampleHistoryPanel } from '../../../panels/sample-history/sample-history-panel';
import { SampleSaliencyPanel } from '../../../panels/sample-saliency/sample-saliency-panel';
import { SampleNeighboursPanel } from '../../../panels/sample-neighbours/sample-neighbours-panel';
import { SamplePanel } from '../../../panels/sample/sample-panel';

/**
 * Panels do not know each other: the page gives history and neighbours the run that the sample panel shows. Which
 * sample it is, the address says: walking through a list changes it without loading a page.
 */
export function SamplePage({ sample: first }: { sample: string }): ReactNode {
  const sample = /^\/samples\/([^/]+)$/.exec(usePathname())?.[1] ?? first;
  return (
    <SamplePanel
      sample={sample}
      label={<RelabelPanel key={sample} sample={sample} />}
      history={(run) => <SampleHistoryPanel sample={sample} run={run} />}
      alike={(run, epoch) => (
        <>
          <SampleSaliencyPanel key={`${sample} ${run}`} sample={sample} run={run} />
          <SampleNeighboursPanel sample={sample} run={run} epoch={epoch} />
        </>
      )}
    />
  );
}
