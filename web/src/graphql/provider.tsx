'use client';
import { ApolloProvider } from '@apollo/client/react';
import { createContext, useContext, useState, useSyncExternalStore, type ReactNode } from 'react';
import { createPageClient } from './client';
import type { Connection, ConnectionState } from './connection';

const ConnectionContext = createContext<Connection | null>(null);

export function GraphqlProvider({ children }: { children: ReactNode }): ReactNode {
  const [{ client, connection }] = useState(createPageClient);
  return (
    <ApolloProvider client={client}>
      <ConnectionContext value={connection}>{children}</ConnectionContext>
    </ApolloProvider>
  );
}

/** Whether the page's socket to the server is open. */
export function useConnection(): ConnectionState {
  const connection = useContext(ConnectionContext);
  return useSyncExternalStore(
    (listener) => connection?.onChange(listener) ?? (() => undefined),
    () => connection?.state() ?? 'connecting',
    () => 'connecting',
  );
}
