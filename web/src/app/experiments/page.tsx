import type { ReactNode } from 'react';
import { RunsTablePanel } from '../../panels/runs-table/runs-table-panel';
import { PageHead } from '../../theme/panel';

export default function ExperimentsPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[]} title="Experiments" />
      <p>
        Runs with the same settings and other seeds are one experiment: what they reach on average, and how far chance
        takes them apart.
      </p>
      <RunsTablePanel grouped="settings" />
    </>
  );
}
