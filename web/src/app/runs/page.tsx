import type { ReactNode } from 'react';
import { RunsTablePanel } from '../../panels/runs-table/runs-table-panel';
import { StartTrainingLink } from '../../panels/start-training/start-training-panel';
import { PageHead } from '../../theme/panel';

export default function RunsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[]} title="Runs" aside={<StartTrainingLink />} />
      <RunsTablePanel />
    </>
  );
}
