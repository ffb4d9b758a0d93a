import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import type { FieldMergeFunction } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';

/** Lists of objects without an id, always in the same order: each place keeps the fields that other queries asked for. */
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
      Epoch: { fields: { losses: { merge: true }, ramps: { merge: true }, metrics: { merge: byPlace }, classDistributions: { merge: byPlace } } },
      Sample: { fields: { analysis: { merge: true } } },
      SplitMetrics: { fields: { attention: { merge: true } } },
    },
  });
}

/** Queries over HTTP, subscriptions over a WebSocket, both at /graphql of the page's own server. */
export function createApolloClient(): ApolloClient {
  const http = new HttpLink({ uri: '/graphql' });
  if (typeof window === 'undefined') return new ApolloClient({ link: http, cache: cache(), ssrMode: true });
  const url = `${window.location.origin.replace(/^http/, 'ws')}/graphql`;
  const socket = new GraphQLWsLink(createClient({ url, lazy: true, retryAttempts: 20 }));
  const link = ApolloLink.split((operation) => operation.operationType === OperationTypeNode.SUBSCRIPTION, socket, http);
  return new ApolloClient({ link, cache: cache() });
}
