import type { RoomResolvers } from '../graphql/room-resolvers.js';
import type { Janitor } from './janitor/janitor.js';
import { JanitorResolver } from './janitor/janitor.resolver.js';

export interface StorageServices {
  janitor: Janitor;
}

export const storageResolvers: RoomResolvers<StorageServices> = {
  resolvers: [[JanitorResolver, ({ janitor }) => new JanitorResolver(janitor)]],
};
