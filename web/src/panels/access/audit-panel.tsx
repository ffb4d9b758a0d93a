'use client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { serverPath } from '../../graphql/address';
import { AuditEntriesDocument, type AuditEntriesQuery } from '../../graphql/generated/graphql';
import { dateTime, integer } from '../../theme/format';
import { Panel, Table } from '../../theme/panel';
import { Failure, Loading } from '../../theme/states';

const pageSize = 50;

/** Who did what and when; nobody edits it. */
export function AuditPanel(): ReactNode {
  const { data, error, refetch, fetchMore, loading } = useQuery(AuditEntriesDocument, {
    variables: { first: pageSize },
    fetchPolicy: 'cache-and-network',
  });
  const page = data?.auditEntries;
  // The panel shows the failure of its query itself.
  const more = (): void => void fetchMore({ variables: { after: page?.pageInfo.endCursor } }).catch(() => undefined);
  const aside = (
    <Button component="a" href={serverPath('/audit.csv')} download variant="default">
      CSV
    </Button>
  );
  return (
    <Panel
      title="Audit log"
      note={page && `${integer(page.totalCount)} ${page.totalCount === 1 ? 'entry' : 'entries'}, newest first`}
      aside={aside}
      flush
    >
      {error && !page && <Failure error={error} retry={refetch} />}
      {!page && !error && <Loading height={160} />}
      {page && <AuditTable entries={page.nodes} />}
      {page?.nodes.length === 0 && <p style={{ margin: 16 }}>Nothing was changed yet.</p>}
      {page?.pageInfo.hasNextPage && (
        <Button variant="subtle" m="sm" loading={loading} onClick={more}>
          Older entries
        </Button>
      )}
    </Panel>
  );
}

type Entry = AuditEntriesQuery['auditEntries']['nodes'][number];

function AuditTable({ entries }: { entries: readonly Entry[] }): ReactNode {
  return (
    <Table label="Audit log">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">To</th>
          <th scope="col">Name</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, place) => (
          <tr key={`${entry.at} ${entry.subject} ${place}`} title={entry.details}>
            <td style={{ whiteSpace: 'nowrap' }}>
              <time dateTime={entry.at}>{dateTime(entry.at)}</time>
            </td>
            <th scope="row">{entry.actor}</th>
            <td>{entry.action}</td>
            <td>{entry.subject}</td>
            <td>{nameIn(entry.details)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What the row is called, where it has a name. */
function nameIn(details: string): string {
  const { name, to_stage: stage } = JSON.parse(details) as { name?: string; to_stage?: string };
  return name ?? stage?.toLowerCase() ?? '';
}
