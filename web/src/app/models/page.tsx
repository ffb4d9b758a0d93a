import type { ReactNode } from 'react';
import { ModelsPanel } from '../../panels/models/models-panel';
import { PredictImagePanel } from '../../panels/predict-image/predict-image-panel';
import { Grid, PageHead } from '../../theme/panel';

export default function ModelsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Models' }]} title="Models" />
      <Grid>
        <ModelsPanel />
        <PredictImagePanel />
      </Grid>
    </>
  );
}
