import type { ReactNode } from 'react';
import { DatasetCardsPanel } from '../panels/dataset-cards/dataset-cards-panel';
import { DrawFacesPanel } from '../panels/draw-faces/draw-faces-panel';
import { LiveRunsPanel } from '../panels/live-runs/live-runs-panel';
import { LatestRunsPanel } from '../panels/runs-table/latest-runs-panel';
import { StoredPilesPanel } from '../panels/stored-piles/stored-piles-panel';
import { WelcomePanel } from '../panels/welcome/welcome-panel';
import { WorkersPanel } from '../panels/workers/workers-panel';
import { Grid } from '../theme/panel';

export default function FirstPage(): ReactNode {
  return (
    <>
      <WelcomePanel draw={<DrawFacesPanel />} />
      <Grid>
        <LiveRunsPanel />
        <LatestRunsPanel title="Latest runs" first={8} />
        <DatasetCardsPanel />
        <WorkersPanel />
        <StoredPilesPanel />
      </Grid>
    </>
  );
}
