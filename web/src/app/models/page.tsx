import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { ModelsPanel } from '../../panels/models/models-panel';
import { PredictImagePanel } from '../../panels/predict-image/predict-image-panel';
import { Grid, PageHead } from '../../theme/panel';

export const metadata: Metadata = { title: 'Models' };

export default function ModelsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Overview', href: routes.overview }, { label: 'Models' }]} title="Models" />
      <Grid>
        <ModelsPanel />
        <PredictImagePanel />
      </Grid>
    </>
  );
}
