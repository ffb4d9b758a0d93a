import type { ReactNode } from 'react';
import { DatasetHead, DatasetSummaryPanel } from '../../../panels/dataset-summary/dataset-summary-panel';
import { DatasetFacetsPanel } from '../../../panels/dataset-facets/dataset-facets-panel';
import { CrossFitsPanel } from '../../../panels/cross-fits/cross-fits-panel';
import { RatersPanel } from '../../../panels/raters/raters-panel';
import { ImportReportPanel } from '../../../panels/import-report/import-report-panel';
import { LabelSetsPanel } from '../../../panels/label-sets/label-sets-panel';
import { DatasetRunsPanel } from '../../../panels/runs-table/dataset-runs-panel';
import { StartTrainingLink } from '../../../panels/start-training/start-training-panel';
import { Grid } from '../../../theme/panel';
import { Faces } from './faces';

export default async function DatasetPage({ params }: { params: Promise<{ id: string }> }): Promise<ReactNode> {
  const { id } = await params;
  return (
    <>
      <DatasetHead dataset={id} action={<StartTrainingLink query={{ dataset: id }} />} />
      <Grid>
        <DatasetSummaryPanel dataset={id} />
        <ImportReportPanel dataset={id} />
        <DatasetFacetsPanel dataset={id} />
        <Faces dataset={id} />
        <LabelSetsPanel dataset={id} />
        <RatersPanel dataset={id} />
        <CrossFitsPanel dataset={id} />
        <DatasetRunsPanel dataset={id} />
      </Grid>
    </>
  );
}
