import express, { type Request, type Response, type Router } from 'express';
import { PlatformError } from '../errors.js';
import { pathBelowMount, publicPath } from '../graphql/public-path.js';
import { sessionKind, signInPath } from './access-gate.js';
import type { AccessService } from './access.service.js';
import type { IdentityProvider } from './identity-provider.js';
import type { Sessions } from './sessions.js';
import { signInPage } from './sign-in-page.js';

/** Kind of the cookie that remembers a way to the identity provider, until somebody comes back. */
const wayKind = 'way';

interface Way {
  state: string;
  verifier: string;
  nonce: string;
  next: string;
}

export interface SignInParts {
  access: AccessService;
  sessions: Sessions;
  /** Null: tokens alone. */
  provider: IdentityProvider | null;
}

/**
 * `GET /sign-in`, a page with a form; `POST /sign-in` with a token answers with a cookie that only this server reads; `POST /sign-out` takes it back.
 * `GET /sign-in/provider` goes to the identity provider, which sends people back to `/sign-in/provider/return`.
 */
export function signInRoute({ access, sessions, provider }: SignInParts): Router {
  const router = express.Router();
  const page = (response: Response, next: string, problem: string | null): void => {
    const html = signInPage({ next, problem, provider: provider !== null });
    response
      .status(problem === null ? 200 : 401)
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(html);
  };
  router.get(signInPath, (request, response) => page(response, pathWithin(request.query['next']), null));
  router.post(signInPath, express.urlencoded({ extended: false, limit: '8kb' }), async (request, response) => {
    const { token: secret, next } = (request.body ?? {}) as Record<string, unknown>;
    const token = typeof secret === 'string' ? await access.bySecret(secret.trim()) : null;
    if (!token) return page(response, pathWithin(next), 'That token is not known here, has expired or was revoked.');
    await sessions.write(request, response, sessionKind, { token: token.row });
    response.redirect(303, publicPath(pathWithin(next)));
  });
  router.post('/sign-out', async (request, response) => {
    const session = await sessions.read<{ token: number }>(request, sessionKind);
    const token = session && (await access.validByRow(session.token));
    // What a person signed in with stays theirs; what a sign-in made goes with it.
    if (token?.kind === 'SESSION') await access.revoke(token.id);
    sessions.clear(request, response, sessionKind);
    response.redirect(303, publicPath(signInPath));
  });
  if (provider) addProvider(router, { access, sessions, provider }, page);
  return router;
}

function addProvider(
  router: Router,
  { access, sessions, provider }: SignInParts & { provider: IdentityProvider },
  page: (response: Response, next: string, problem: string | null) => void,
): void {
  const returnTo = (request: Request): string =>
    `${provider.publicUrl ?? originOf(request) + publicPath('')}/sign-in/provider/return`;
  router.get('/sign-in/provider', async (request, response) => {
    const { url, ...way } = await provider.begin(returnTo(request));
    await sessions.write(request, response, wayKind, { ...way, next: pathWithin(request.query['next']) });
    response.redirect(303, url.href);
  });
  router.get('/sign-in/provider/return', async (request, response) => {
    const way = await sessions.read<Way>(request, wayKind);
    sessions.clear(request, response, wayKind);
    if (!way) return page(response, '/', 'This sign-in took too long, or began in another browser. Begin again.');
    try {
      const back = new URL(returnTo(request));
      back.search = new URL(request.originalUrl, back).search;
      const { name, role } = await provider.finish(back, way);
      const { token } = await access.create({ name, role, kind: 'SESSION', days: 0.5, createdBy: 'identity provider' });
      await sessions.write(request, response, sessionKind, { token: token.row });
      response.redirect(303, publicPath(pathWithin(way.next)));
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      page(response, pathWithin(way.next), error.message);
    }
  });
}

/** A path of this server, never another place: `//evil.example` and `/\\evil.example` are places to a browser. */
export function pathWithin(next: unknown): string {
  const local = typeof next === 'string' && next.length < 2000 && /^\/(?![/\\])[^\s\\]*$/.test(next);
  const path = local ? pathBelowMount(next) : '/';
  return path.startsWith(signInPath) || path.startsWith('//') ? '/' : path;
}

/** `HostGate` has looked at the host. */
function originOf(request: Request): string {
  const protocol = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${protocol}://${request.headers.host}`;
}
