import type { ReactNode } from 'react';
import { LatestRunsPanel } from './latest-runs-panel';

const shown = 20;

export function DatasetRunsPanel({ dataset }: { dataset: string }): ReactNode {
  return <LatestRunsPanel title="Runs on this data set" first={shown} dataset={dataset} />;
}
