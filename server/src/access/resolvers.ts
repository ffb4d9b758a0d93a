import type { RoomResolvers } from '../graphql/room-resolvers.js';
import { AccessResolver } from './access.resolver.js';
import type { AccessService } from './access.service.js';
import type { AuditService } from './audit.service.js';

export interface AccessServices {
  access: AccessService;
  audit: AuditService;
}

export const accessResolvers: RoomResolvers<AccessServices> = {
  resolvers: [[AccessResolver, ({ access, audit }) => new AccessResolver(access, audit)]],
};
