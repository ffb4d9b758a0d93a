'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { ConfusionChoicesDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { PageHead } from '../../theme/panel';

/** The head of the page that shows the matrix alone. */
export function ConfusionHead({ run: id }: { run: string }): ReactNode {
  const run = useQuery(ConfusionChoicesDocument, { variables: { id } }).data?.trainingRun;
  return (
    <PageHead
      crumbs={[
        { label: 'Runs', href: routes.runs },
        ...(run ? [{ label: run.name, href: routes.run(run.id) }] : []),
        { label: 'Confusion' },
      ]}
      title={run ? `Who says what in ${run.name}` : 'Confusion'}
    />
  );
}
