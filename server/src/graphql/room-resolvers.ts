import type { Node } from './node.js';

/** A resolver class and how it is built from the services it names. */
export type ResolverEntry<Services> = readonly [type: Function, build: (services: Services) => object];

/** Kind of a global id -> what finds a row of that kind; null where there is none. */
export type NodeLoaders = Readonly<Record<string, (row: number) => Promise<Node | null>>>;

/** What a room adds to the API. `Services` is what its resolvers and node loaders are built from. */
export interface RoomResolvers<Services> {
  resolvers: readonly ResolverEntry<Services>[];
  /** Loaders of every type of the room that implements Node. */
  nodes?: (services: Services) => NodeLoaders;
  /** Object types that no field returns by itself. */
  orphanedTypes?: readonly Function[];
}
