import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import type { FieldMergeFunction } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';

/**
 * Lists of objects without an id, always in the same order: each place keeps the fields that other queries asked for.
 */
const byPlace: FieldMergeFunction<unknown[]> = (existing, incoming, { mergeObjects }) => {
  if (existing?.length !== incoming.length) return incoming;
  return incoming.map((item, place) => mergeObjects(existing[place] as never, item as never));
};

function cache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['Dataset', 'Sample', 'Model', 'Checkpoint', 'TrainingRun', 'Epoch'] },
    typePolicies: {
      Dataset: { fields: { importReport: { merge: true }, splits: { merge: byPlace } } },
      TrainingRun: { fields: { configuration: { merge: true }, progress: { merge: true } } },
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

/** Queries over HTTP, subscriptions over a WebSocket, both at /graphql of the page's own server. */
export function createApolloClient(): ApolloClient {
  const http = new HttpLink({ uri: '/graphql' });
  if (typeof window === 'undefined') return new ApolloClient({ link: http, cache: cache(), ssrMode: true });
  const url = `${window.location.origin.replace(/^http/, 'ws')}/graphql`;
  const socket = new GraphQLWsLink(createClient({ url, lazy: true, retryAttempts: 20 }));
  const link = ApolloLink.split(
    (operation) => operation.operationType === OperationTypeNode.SUBSCRIPTION,
    socket,
    persisted().concat(http),
  );
  return new ApolloClient({ link, cache: cache() });
}
