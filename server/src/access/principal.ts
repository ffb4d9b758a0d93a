import type { IncomingMessage } from 'node:http';
import { Role } from '../graphql/role.js';

/** Who asks. */
export interface Principal {
  /** What the audit log calls them. */
  name: string;
  role: Role;
  /** Row of `access_token`; null for whoever sits at an open platform. */
  tokenRow: number | null;
}

/** Whoever reaches a platform that asks for no token. */
export const anybody: Principal = { name: 'anybody', role: Role.ADMIN, tokenRow: null };

const principals = new WeakMap<IncomingMessage, Principal>();

export function remember(request: IncomingMessage, principal: Principal): void {
  principals.set(request, principal);
}

/** @throws Error where nobody was asked: no operation runs for a request that went past the gate. */
export function principalOf(request: IncomingMessage | undefined): Principal {
  const principal = request && principals.get(request);
  if (!principal) throw new Error('The request did not pass the gate: nobody knows who asks.');
  return principal;
}
