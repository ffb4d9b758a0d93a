import { expect, test } from 'vitest';
import { createPageClient } from '../../../web/src/graphql/client';
import { AuditEntriesDocument, type AuditEntriesQuery } from '../../../web/src/graphql/generated/graphql';

const page = (names: readonly string[], totalCount: number, endCursor: string | null): AuditEntriesQuery => ({
  auditEntries: {
    totalCount,
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
    nodes: names.map((subject) => ({
      at: '2026-01-01T00:00:00.000Z',
      actor: 'ada',
      action: 'INSERT',
      subject,
      details: '{}',
    })),
  },
});

test('the next page is put behind those that are there; asked without a cursor, the list begins anew', () => {
  const { cache } = createPageClient().client;
  const write = (data: AuditEntriesQuery, after?: string): unknown =>
    cache.writeQuery({ query: AuditEntriesDocument, variables: { first: 2, after }, data });
  const read = (): [string[], number, boolean] => {
    const { nodes, totalCount, pageInfo } = cache.readQuery({
      query: AuditEntriesDocument,
      variables: { first: 2 },
    })!.auditEntries;
    return [nodes.map(({ subject }) => subject), totalCount, pageInfo.hasNextPage];
  };
  write(page(['a', 'b'], 3, 'b'));
  expect(read()).toEqual([['a', 'b'], 3, true]);
  write(page(['c'], 9, null), 'b');
  expect(read()).toEqual([['a', 'b', 'c'], 3, false]);
  write(page(['new', 'a'], 4, 'a'));
  expect(read()).toEqual([['new', 'a'], 4, true]);
});
