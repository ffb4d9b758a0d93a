import { existsSync, readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { EnvironmentError } from '../errors.js';
import { createScriptHandler } from './dashboard-scripts.js';

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

export interface DashboardOptions {
  /** Where the port answers. */
  url: string;
  /** Serves the sources, built as they are asked for. */
  development: boolean;
  /** Path below which a proxy serves the pages: they have to be built for it. */
  basePath: string;
}

/** @throws EnvironmentError where `directory` was not built, or for another path. */
export async function createDashboard(
  directory: string,
  { url, development, basePath }: DashboardOptions,
): Promise<Dashboard> {
  if (!development) requireBuilt(directory, basePath);
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
  const pages = server.getRequestHandler();
  const scripts = development ? null : createScriptHandler(directory, basePath);
  return {
    handle: async (request, response) => {
      if (!(await scripts?.(request, response))) await pages(request, response);
    },
    upgrade: (request, socket, head) => upgrades.emit('upgrade', request, socket, head),
    close: () => server.close(),
  };
}

function requireBuilt(directory: string, basePath: string): void {
  const built = path.join(directory, '.next', 'required-server-files.json');
  if (!existsSync(built))
    throw new EnvironmentError(`The dashboard in "${directory}" is not built: run \`npm run build\`.`);
  const { config } = JSON.parse(readFileSync(built, 'utf8')) as { config: { basePath?: string } };
  const found = config.basePath ?? '';
  if (found !== basePath)
    throw new EnvironmentError(
      `BASE_PATH: expected "${found}", for which the dashboard was built, found "${basePath}". Run \`BASE_PATH=${basePath} npm run build\`.`,
      { variable: 'BASE_PATH' },
    );
}
