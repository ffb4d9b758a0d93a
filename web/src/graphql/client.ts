import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import type { FieldMergeFunction, FieldPolicy } from '@apollo/client';
import { ServerError } from '@apollo/client/errors';
import { ErrorLink } from '@apollo/client/link/error';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { OperationTypeNode } from 'graphql';
import { serverPath } from './address';
import { connect, type Connection } from './connection';

/**
 * Lists of objects without an id, always in the same order: each place keeps the fields that other queries asked for.
 */
const byPlace: FieldMergeFunction<unknown[] | null> = (existing, incoming, { mergeObjects }) => {
  // Null is what nobody recorded.
  if (!existing || !incoming || existing.length !== incoming.length) return incoming;
  return incoming.map((item, place) => mergeObjects(existing[place] as never, item as never));
};

interface Page {
  nodes: readonly unknown[];
  totalCount?: number;
}

/**
 * A list that comes in pages: `fetchMore` with the cursor of the last one as `after` puts the next behind those that are
 * there. The total stays what it was when the list was opened; asked without `after`, the list begins anew.
 */
const pages: FieldPolicy<Page> = {
  keyArgs: (args) => Object.keys(args ?? {}).filter((name) => name !== 'after'),
  merge: (existing, incoming, { args }) =>
    existing && args?.['after']
      ? { ...incoming, totalCount: existing.totalCount, nodes: [...existing.nodes, ...incoming.nodes] }
      : incoming,
};

function cache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['Dataset', 'Sample', 'Model', 'Checkpoint', 'TrainingRun', 'Epoch'] },
    typePolicies: {
      Query: { fields: { trainingRuns: pages, auditEntries: pages } },
      Dataset: { fields: { importReport: { merge: true }, splits: { merge: byPlace } } },
      TrainingRun: { fields: { analyses: pages, configuration: { merge: true }, progress: { merge: true } } },
      Epoch: {
        fields: {
          losses: { merge: true },
          ramps: { merge: true },
          metrics: { merge: byPlace },
          classDistributions: { merge: byPlace },
        },
      },
      Sample: { fields: { analysis: { merge: true } } },
      SplitMetrics: { fields: { attention: { merge: true } } },
    },
  });
}

/**
 * Queries go by the hash of their text once the server has seen it; by GET, so that the browser can ask whether an
 * answer has changed.
 */
const persisted = (): ApolloLink =>
  new PersistedQueryLink({ sha256: (text) => bytesToHex(sha256(utf8ToBytes(text))), useGETForHashedQueries: true });

/** The client of a page, and its socket; on the server, where pages are only framed, there is none. */
export interface PageClient {
  client: ApolloClient;
  connection: Connection | null;
}

/** Whoever is no longer known is led to where they say who they are, and back. */
const signedOut = (): ApolloLink =>
  new ErrorLink(({ error }) => {
    if (!ServerError.is(error) || error.statusCode !== 401) return;
    window.location.assign(
      `${serverPath('/sign-in')}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`,
    );
  });

/** Queries over HTTP, subscriptions over a WebSocket, both at /graphql of the page's own server. */
export function createPageClient(): PageClient {
  const http = new HttpLink({ uri: serverPath('/graphql') });
  if (typeof window === 'undefined')
    return { client: new ApolloClient({ link: http, cache: cache(), ssrMode: true }), connection: null };
  // Subscriptions go on by themselves; what they did not tell while the socket was gone is asked for.
  const connection = connect(() => void client.refetchQueries({ include: 'active' }));
  const socket = new GraphQLWsLink(connection.socket);
  const link = ApolloLink.split(
    (operation) => operation.operationType === OperationTypeNode.SUBSCRIPTION,
    socket,
    persisted().concat(http),
  );
  const client = new ApolloClient({ link: signedOut().concat(link), cache: cache() });
  return { client, connection };
}
