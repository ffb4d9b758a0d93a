import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { routes } from '../../navigation/routes';
import { GraphiqlPanel } from '../../panels/graphiql/graphiql-panel';
import { PageHead } from '../../theme/panel';

export const metadata: Metadata = { title: 'API' };

export default function GraphiqlPage(): ReactNode {
  return (
    <>
      <PageHead crumbs={[{ label: 'Overview', href: routes.overview }, { label: 'API' }]} title="GraphQL API" />
      <GraphiqlPanel />
    </>
  );
}
