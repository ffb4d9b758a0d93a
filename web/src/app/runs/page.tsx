import type { ReactNode } from 'react';
import { RecordFilesPanel } from '../../panels/record-run/record-files-panel';
import { RecordRunPanel } from '../../panels/record-run/record-run-panel';
import { RunsTablePanel } from '../../panels/runs-table/runs-table-panel';
import { StartTrainingLink } from '../../panels/start-training/start-training-panel';
import { Grid, PageHead } from '../../theme/panel';

export default function RunsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[]} title="Runs" aside={<StartTrainingLink />} />
      <Grid>
        <RunsTablePanel />
        <RecordRunPanel />
        <RecordFilesPanel />
      </Grid>
    </>
  );
}
