import { AccessGate } from '../access/access-gate.js';
import { accessChannel } from '../access/access.service.js';
import { IdentityProvider } from '../access/identity-provider.js';
import { Sessions } from '../access/sessions.js';
import { signInRoute } from '../access/sign-in-route.js';
import { isLoopback } from '../api/host-gate.js';
import { listen } from '../database/notifications.js';
import type { Environment } from '../environment.js';
import { EnvironmentError } from '../errors.js';
import type { Role } from '../graphql/role.js';
import type { Logger } from '../logging.js';
import type { Router } from 'express';
import type { Closers } from './closers.js';
import type { PlatformServices } from './services.js';

/** Connections of tokens that have expired are ended this often. */
const reviewMilliseconds = 30_000;

type AccessEnvironment = Pick<Environment, 'host' | 'auth' | 'oidc'>;

/**
 * Whether everybody may do everything. @throws EnvironmentError where that would be whoever reaches this machine and
 * nobody said so.
 */
export function isOpen({ host, auth, oidc }: AccessEnvironment): boolean {
  if (auth !== undefined) return auth === 'none';
  if (oidc) return false;
  if (isLoopback(host)) return true;
  throw new EnvironmentError(
    `HOST: ${host} lets other machines reach the platform, and nothing asks them who they are. Set AUTH=token and make tokens with ` +
      '`adadf token create NAME --role admin`, or set AUTH=none to let everybody who reaches it do everything.',
    { variable: 'AUTH', host },
  );
}

/** Who may come in, and the routes where they say who they are. */
export async function openAccess(
  environment: AccessEnvironment,
  { access, store }: Pick<PlatformServices, 'access' | 'store'>,
  databaseUrl: string,
  log: Logger,
  closers: Closers,
): Promise<{ gate: AccessGate; routers: Router[] }> {
  if (isOpen(environment)) return { gate: new AccessGate(null), routers: [] };
  const sessions = new Sessions(store);
  const { oidc } = environment;
  const defaultRole = (oidc?.defaultRole?.toUpperCase() ?? null) as Role | null;
  const provider = oidc && (await IdentityProvider.discover({ ...oidc, defaultRole }));
  const gate = new AccessGate({ access, sessions });
  const listener = await listen(databaseUrl, accessChannel, {
    onPayload: (row) => gate.revoked(Number(row)),
    onGap: () => void gate.review(),
    log: (line) => log.warn(line),
  });
  closers.add(() => listener.close());
  const reviewing = setInterval(() => {
    gate.review().catch((error: unknown) => log.error('tokens could not be looked at', error));
  }, reviewMilliseconds);
  closers.add(async () => clearInterval(reviewing));
  if (!provider && !(await access.anyValid())) {
    log.warn('nobody can sign in yet: make a token with `adadf token create NAME --role admin`, on the same DATA_DIR');
  }
  return { gate, routers: [signInRoute({ access, sessions, provider })] };
}
