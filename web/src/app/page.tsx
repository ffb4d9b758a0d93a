import type { ReactNode } from 'react';
import { DatasetCardsPanel } from '../panels/dataset-cards/dataset-cards-panel';
import { DrawFacesPanel } from '../panels/draw-faces/draw-faces-panel';
import { LiveRunsPanel } from '../panels/live-runs/live-runs-panel';
import { RunsTablePanel } from '../panels/runs-table/runs-table-panel';
import { WorkersPanel } from '../panels/workers/workers-panel';
import { Grid, PageHead } from '../theme/panel';

export default function OverviewPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Overview' }]} title="How ambiguous is a face?" aside={<DrawFacesPanel />} />
      <Grid>
        <LiveRunsPanel />
        <WorkersPanel />
        <RunsTablePanel latest={8} />
        <DatasetCardsPanel />
      </Grid>
    </>
  );
}
