import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
/** A sixth smaller than gzip; higher ones take seconds for one per cent more. */
const quality = 9;
/** Their names hold their contents. */
const caching = 'public, max-age=31536000, immutable';

/** Answers what it can, true; leaves all else alone. */
export type ScriptHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/**
 * Scripts and style sheets of the built pages in `directory`, with Brotli for browsers that take it: less is sent
 * before the first picture. Each is compressed when it is first asked for, and kept.
 */
export function createScriptHandler(directory: string, basePath: string): ScriptHandler {
  const folder = path.join(directory, '.next', 'static');
  const names = new Set(
    (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []).filter((name) =>
      /\.(js|css)$/.test(name),
    ),
  );
  const prefix = `${basePath}/_next/static/`;
  const kept = new Map<string, Promise<Buffer>>();
  return async (request, response) => {
    const address = (request.url ?? '').split('?')[0];
    const name = address.startsWith(prefix) ? address.slice(prefix.length) : '';
    const accepted = String(request.headers['accept-encoding'] ?? '').includes('br');
    if (request.method !== 'GET' || !accepted || !names.has(name)) return false;
    const content = kept.get(name) ?? compressed(path.join(folder, name));
    kept.set(name, content);
    const bytes = await content;
    response.writeHead(200, {
      'cache-control': caching,
      'content-encoding': 'br',
      'content-length': bytes.length,
      'content-type': name.endsWith('.css') ? 'text/css; charset=utf-8' : 'application/javascript; charset=utf-8',
      vary: 'Accept-Encoding',
    });
    response.end(bytes);
    return true;
  };
}

async function compressed(file: string): Promise<Buffer> {
  const content = await readFile(file);
  return compress(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
  });
}
