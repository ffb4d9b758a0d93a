import express, { type Router } from 'express';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { EnvironmentError, messageOf } from '../errors.js';
import { pagePath, pathBelowMount } from '../graphql/public-path.js';
import { type Logger, logScope } from '../logging.js';
import type { AccessGate } from '../access/access-gate.js';
import { remember } from '../access/principal.js';
import type { Dashboard } from './dashboard.js';
import { headersMilliseconds, limitBody, pathOf, refuseAddress, refuseRequest } from './request-limits.js';
import { requestId } from './observation/request-id.js';
import type { PlatformMetrics } from './observation/platform-metrics.js';
import { requestScope } from './request-scope.js';
import { HostGate, refuse, refuseUpgrade } from './host-gate.js';
import { securityHeaders } from './security-headers.js';
import { type GraphQLEndpoint, graphqlPath } from './graphql-endpoint.js';

export interface ServedParts {
  graphql: GraphQLEndpoint;
  /** Knows who asks. */
  access: AccessGate;
  /** Whatever else answers under paths of its own, e.g. images. */
  routers: readonly Router[];
  /** Told of every answer. */
  metrics?: PlatformMetrics | null;
  /** Answers everything that is left; without it that is 404. */
  dashboard: Dashboard | null;
}

/**
 * One port for API and dashboard. It is taken first and serves later, so that a busy port is noticed before anything is
 * done.
 */
export class ApiServer {
  private closing: Promise<void> | null = null;
  private parts: ServedParts | null = null;
  private answer: http.RequestListener = starting;

  private constructor(
    private readonly server: http.Server,
    private readonly host: string,
    private readonly gate: HostGate,
    private readonly log: Logger,
  ) {}

  /** Takes the port and answers 503 until `serve`. @throws EnvironmentError where the port cannot be had. */
  static async listen(
    host: string,
    port: number,
    log: Logger,
    allowedHosts: readonly string[] = [],
  ): Promise<ApiServer> {
    // Uploads take as long as they take: `limitBody` limits silence.
    const server = http.createServer({ requestTimeout: 0, headersTimeout: headersMilliseconds });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(refusal(error, host, port)));
      server.listen(port, host, resolve);
    });
    const api = new ApiServer(server, host, new HostGate(host, allowedHosts), log);
    server.on('request', (request, response) => api.request(request, response));
    server.on('upgrade', (request, socket, head) => api.upgrade(request, socket, head));
    return api;
  }

  /** Where a browser on this machine finds it. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    const everywhere = this.host === '0.0.0.0' || this.host === '::';
    return `http://${everywhere ? 'localhost' : this.host.includes(':') ? `[${this.host}]` : this.host}:${port}`;
  }

  serve(parts: ServedParts): void {
    this.parts = parts;
    const app = express();
    app.disable('x-powered-by');
    app.use(securityHeaders());
    app.use((request, _response, next) => {
      request.url = pathBelowMount(request.url);
      next();
    });
    app.use(parts.access.admit);
    app.use(parts.graphql.router, ...parts.routers);
    // Not the function itself: what Express passes third, Next takes for an address.
    if (parts.dashboard)
      app.use((request, response) => {
        request.url = pagePath(request.url);
        return parts.dashboard!.handle(request, response);
      });
    app.use((error: Error, request: express.Request, response: express.Response, _next: express.NextFunction) => {
      const { status } = error as Error & { status?: number };
      if (status && status >= 400 && status < 500 && !response.headersSent)
        return refuseRequest(response, status, error);
      this.log.error(`${request.method} ${pathOf(request.originalUrl)} failed`, error);
      if (response.headersSent) response.destroy();
      else
        response
          .status(500)
          .type('text')
          .send('Something went wrong in the platform itself; its log has the details.\n');
    });
    this.answer = app;
  }

  /** Ends every connection; does it once, however often it is called. */
  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  /** The one gate before every route. */
  private request(request: http.IncomingMessage, response: http.ServerResponse): void {
    const refusal = this.gate.refusal(request);
    if (refusal) refuse(refusal, request, response);
    else if (/%00/.test(request.url ?? '')) refuseAddress(response);
    else {
      limitBody(request, response);
      const id = requestId(request);
      response.setHeader('X-Request-Id', id);
      this.watch(request, response, id);
      requestScope.run({ what: `${request.method} ${pathOf(request.url)}`, end: () => response.destroy() }, () =>
        logScope.run({ requestId: id }, () => this.answer(request, response)),
      );
    }
  }

  /** Counts and logs what is answered, when it ends. */
  private watch(request: http.IncomingMessage, response: http.ServerResponse, id: string): void {
    const start = performance.now();
    const method = request.method ?? 'GET';
    const path = pathOf(pathBelowMount(request.url ?? '/'));
    response.once('close', () => {
      const seconds = (performance.now() - start) / 1000;
      // 499: whoever asked went away first.
      const status = response.writableEnded ? response.statusCode : 499;
      this.parts?.metrics?.answered(method, path, status, seconds);
      logScope.run({ requestId: id }, () =>
        this.log.debug(`${method} ${path} ${status} in ${(seconds * 1000).toFixed(0)} ms`),
      );
    });
  }

  private upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', (error) => this.log.debug(`connection broke: ${messageOf(error)}`));
    const refusal = this.gate.refusal(request);
    if (refusal) refuseUpgrade(refusal, socket);
    else if (!this.parts) socket.destroy();
    else
      void this.admit(this.parts, request, socket, head).catch((error: unknown) => {
        this.log.error(`the upgrade of ${request.url} failed`, error);
        socket.destroy();
      });
  }

  private async admit(parts: ServedParts, request: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const principal = await parts.access.principal(request);
    if (!principal) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nWWW-Authenticate: Bearer\r\n\r\n');
      return;
    }
    remember(request, principal);
    socket.once(
      'close',
      parts.access.watch(principal, () => socket.destroy()),
    );
    if (pathOf(pathBelowMount(request.url ?? '/')) === graphqlPath) {
      parts.graphql.upgrade(request, socket, head);
    } else if (!this.upgradeDashboard(request, socket, head)) socket.destroy();
  }

  private upgradeDashboard(request: http.IncomingMessage, socket: Duplex, head: Buffer): boolean {
    try {
      return this.parts?.dashboard?.upgrade(request, socket, head) ?? false;
    } catch (error) {
      this.log.debug(`no upgrade of ${pathOf(request.url)}: ${messageOf(error)}`);
      return false;
    }
  }

  private async closeAll(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    await this.parts?.graphql.close();
    this.server.closeAllConnections();
    await closed;
    await this.parts?.dashboard?.close();
  }
}

function starting(request: http.IncomingMessage, response: http.ServerResponse): void {
  // The process lives; whether it is of use says /readyz.
  if (pathOf(pathBelowMount(request.url ?? '/')) === '/healthz') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('starting\n');
    return;
  }
  response.writeHead(503, { 'content-type': 'text/html; charset=utf-8', 'retry-after': '1' });
  response.end(
    '<!doctype html><meta http-equiv="refresh" content="1"><title>Starting</title><p>The platform is starting.</p>\n',
  );
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): EnvironmentError {
  const details = { variable: error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'PORT' : 'HOST', host, port };
  if (error.code === 'EADDRINUSE')
    return new EnvironmentError(
      `PORT: ${port} on ${host} is in use by another program. Stop that one, or set PORT to another number (PORT=0 takes a free one).`,
      details,
    );
  if (error.code === 'EACCES')
    return new EnvironmentError(`PORT: this user may not take port ${port}. Set PORT to a number above 1023.`, details);
  return new EnvironmentError(
    `HOST: expected an address of this machine, found "${host}" (${error.message}).`,
    details,
  );
}
