import type { ReactNode } from 'react';
import { routes } from '../../../navigation/routes';
import { ImportFormPanel } from '../../../panels/import-jobs/import-form-panel';
import { ImportJobsPanel } from '../../../panels/import-jobs/import-jobs-panel';
import { Grid, PageHead } from '../../../theme/panel';

export default function ImportPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Data', href: routes.datasets }, { label: 'Import' }]} title="Import a data set" />
      <Grid>
        <ImportFormPanel />
        <ImportJobsPanel />
      </Grid>
    </>
  );
}
