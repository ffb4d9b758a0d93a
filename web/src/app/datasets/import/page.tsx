import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { routes } from '../../../navigation/routes';
import { ImportFormPanel } from '../../../panels/import-jobs/import-form-panel';
import { ImportJobsPanel } from '../../../panels/import-jobs/import-jobs-panel';
import { Grid, PageHead } from '../../../theme/panel';

export const metadata: Metadata = { title: 'Import' };

export default function ImportPage(): ReactNode {
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Overview', href: routes.overview },
          { label: 'Data sets', href: routes.overview },
          { label: 'Import' },
        ]}
        title="Import a data set"
      />
      <Grid>
        <ImportFormPanel />
        <ImportJobsPanel />
      </Grid>
    </>
  );
}
