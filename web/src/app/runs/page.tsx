import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { RunsTablePanel } from '../../panels/runs-table/runs-table-panel';
import { routes } from '../../navigation/routes';
import { PageHead } from '../../theme/panel';

export const metadata: Metadata = { title: 'Runs' };

export default function RunsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Overview', href: routes.overview }, { label: 'Runs' }]} title="Runs" />
      <RunsTablePanel />
    </>
  );
}
