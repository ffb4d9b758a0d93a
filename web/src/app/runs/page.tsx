import type { ReactNode } from 'react';
import { RunsTablePanel } from '../../panels/runs-table/runs-table-panel';
import { PageHead } from '../../theme/panel';

export default function RunsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Runs' }]} title="Runs" />
      <RunsTablePanel />
    </>
  );
}
