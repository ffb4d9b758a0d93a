import type { ReactNode } from 'react';
import { GraphiqlPanel } from '../../panels/graphiql/graphiql-panel';
import { PageHead } from '../../theme/panel';

export default function GraphiqlPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'API' }]} title="GraphQL API" />
      <GraphiqlPanel />
    </>
  );
}
