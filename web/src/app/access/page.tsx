import type { ReactNode } from 'react';
import { AuditPanel } from '../../panels/access/audit-panel';
import { TokensPanel } from '../../panels/access/tokens-panel';
import { ViewerPanel } from '../../panels/access/viewer-panel';
import { Grid, PageHead } from '../../theme/panel';

export default function AccessPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Access' }]} title="Access" />
      <Grid>
        <ViewerPanel />
        <TokensPanel />
        <AuditPanel />
      </Grid>
    </>
  );
}
