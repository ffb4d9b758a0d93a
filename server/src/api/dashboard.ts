import { existsSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../errors.js';

/** The Next application, mounted behind the API on the API's port. */
export interface Dashboard {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** False where nobody wants the connection. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
}

/** The parts of Next's custom server that are used; its own types describe the module as CommonJS. */
interface NextServer {
  prepare(): Promise<void>;
  getRequestHandler(): Dashboard['handle'];
  close(): Promise<void>;
}

/**
 * `url` is where the port answers. @throws EnvironmentError where `directory` was not built and `development` is off.
 */
export async function createDashboard(directory: string, url: string, development: boolean): Promise<Dashboard> {
  if (!development && !existsSync(path.join(directory, '.next', 'BUILD_ID')))
    throw new EnvironmentError(`The dashboard in "${directory}" is not built: run \`npm run build\`.`);
  const { default: next } = (await import('next')) as unknown as { default: (options: object) => NextServer };
  // Next adds an 'upgrade' listener of its own to the server it is given, which would answer on /graphql's sockets too.
  // It gets one that never
  // listens, and upgrades that are not GraphQL's are handed to that one.
  const upgrades = new http.Server();
  const { hostname, port } = new URL(url);
  const server = next({
    dev: development,
    dir: directory,
    hostname,
    port: Number(port),
    httpServer: upgrades,
    quiet: true,
  });
  await server.prepare();
  return {
    handle: server.getRequestHandler(),
    upgrade: (request, socket, head) => upgrades.emit('upgrade', request, socket, head),
    close: () => server.close(),
  };
}
