import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { publicPath } from '../graphql/public-path.js';
import { isAtLeast, Role } from '../graphql/role.js';
import { type AccessService, principalFrom } from './access.service.js';
import { ForbiddenError } from './operation-role.js';
import { anybody, type Principal, remember } from './principal.js';
import type { Sessions } from './sessions.js';

export const signInPath = '/sign-in';

/** Kind of the cookie that says which token somebody signed in with. */
export const sessionKind = 'session';

/** What is answered to nobody in particular: the page that signs in, signs of the browser's own, and whether the platform lives. */
const open = /^\/(sign-in|sign-out)(\/|$)|^\/(favicon\.ico|icon\.svg|robots\.txt|healthz|readyz)$/;

/** Routes that change something, by method and path; any other is refused. GraphQL looks into the operation itself. */
const changing: readonly (readonly [method: string, path: RegExp, role: Role])[] = [
  ['POST', /^\/graphql\/?$/, Role.READER],
  ['POST', /^\/uploads(\/|$)/, Role.LABELLER],
  ['PUT', /^\/runs\/[^/]+\/epochs\//, Role.TRAINER],
  ['POST', /^\/runs\/[^/]+\/files\/?$/, Role.TRAINER],
  ['PUT', /^\/uploads\//, Role.LABELLER],
  ['PATCH', /^\/uploads\//, Role.LABELLER],
  ['DELETE', /^\/uploads\//, Role.LABELLER],
];
const reading: readonly (readonly [path: RegExp, role: Role])[] = [[/^\/audit\.csv\/?$/i, Role.ADMIN]];

/** Knows who asks, by a token or by a cookie that was had for one, and ends what they opened when it is revoked. */
export class AccessGate {
  private readonly opened = new Map<number, Set<() => void>>();

  /** @param parts null: the platform is open, and everybody is `anybody`. */
  constructor(private readonly parts: { access: AccessService; sessions: Sessions } | null) {}

  /** Null: nobody that is known. */
  async principal(request: IncomingMessage): Promise<Principal | null> {
    if (!this.parts) return anybody;
    const { access, sessions } = this.parts;
    const [, bearer] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (bearer !== undefined) return principalOrNull(await access.bySecret(bearer));
    const session = await sessions.read<{ token: number }>(request, sessionKind);
    return session && principalOrNull(await access.validByRow(session.token));
  }

  /** Before every route. */
  readonly admit: RequestHandler = async (request, response, next) => {
    try {
      if (open.test(request.path)) return next();
      const principal = await this.principal(request);
      if (!principal) {
        const page = request.method === 'GET' && request.headers.accept?.includes('text/html');
        if (page) return response.redirect(303, publicPath(`${signInPath}?next=${encodeURIComponent(request.url)}`));
        const message =
          'Expected a token (Authorization: Bearer adadf_…) or a browser that signed in at /sign-in, found neither, or one that has expired or was revoked.';
        return void response
          .status(401)
          .set({ 'WWW-Authenticate': 'Bearer', 'Cache-Control': 'no-store', Connection: 'close' })
          .json(body('UNAUTHENTICATED', message));
      }
      remember(request, principal);
      const needed = roleOfRoute(request.method, request.path);
      if (needed === null || !isAtLeast(principal.role, needed)) {
        const { code, message } = new ForbiddenError(`${request.method} ${request.path}`, needed, principal);
        return void response.status(403).set('Connection', 'close').json(body(code, message));
      }
      if (request.headers.accept?.includes('text/event-stream')) {
        response.once(
          'close',
          this.watch(principal, () => response.destroy()),
        );
      }
      next();
    } catch (error) {
      next(error);
    }
  };

  /** Ends a connection when the token that it was opened with is revoked. @returns what forgets it. */
  watch({ tokenRow }: Principal, end: () => void): () => void {
    if (tokenRow === null) return () => undefined;
    const ends = this.opened.get(tokenRow) ?? new Set();
    this.opened.set(tokenRow, ends.add(end));
    return () => {
      ends.delete(end);
      if (ends.size === 0) this.opened.delete(tokenRow);
    };
  }

  /** @param row of `access_token` */
  revoked(row: number): void {
    for (const end of this.opened.get(row) ?? []) end();
  }

  /** Ends what was opened with tokens that have expired, or were revoked while nobody heard of it. */
  async review(): Promise<void> {
    for (const row of [...this.opened.keys()]) {
      if (!(await this.parts?.access.validByRow(row))) this.revoked(row);
    }
  }
}

function principalOrNull(token: Parameters<typeof principalFrom>[0] | null): Principal | null {
  return token && principalFrom(token);
}

/** Null: nobody's. */
export function roleOfRoute(method: string, path: string): Role | null {
  if (method === 'GET' || method === 'HEAD') return reading.find(([pattern]) => pattern.test(path))?.[1] ?? Role.READER;
  return changing.find(([one, pattern]) => one === method && pattern.test(path))?.[2] ?? null;
}

function body(code: string, message: string): object {
  return { error: { code, message }, errors: [{ message, extensions: { code } }] };
}
