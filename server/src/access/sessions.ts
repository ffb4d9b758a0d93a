import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sealData, unsealData } from 'iron-session';
import type { DataStore } from '../storage/data-store.js';

/** After this a person signs in again. */
const lifetimeSeconds = 12 * 3600;
const keyName = 'session.key';

/** Cookies that only this server reads: sealed with a key of the data directory, and named by its id, for ports share cookies. */
export class Sessions {
  private readonly key: string;
  private readonly prefix: string;

  constructor(store: DataStore) {
    this.prefix = `adadf_${store.id.slice(0, 8)}`;
    const file = store.file(keyName);
    if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
    this.key = readFileSync(file, 'utf8').trim();
  }

  async write(request: IncomingMessage, response: ServerResponse, kind: string, content: object): Promise<void> {
    const sealed = await sealData(content, { password: this.key, ttl: lifetimeSeconds });
    response.appendHeader('Set-Cookie', this.cookie(request, kind, sealed, lifetimeSeconds));
  }

  /** Null where there is none, or it was tampered with or has grown old. */
  async read<T extends object>(request: IncomingMessage, kind: string): Promise<T | null> {
    const name = `${this.prefix}_${kind}=`;
    const cookie = request.headers.cookie?.split(/; */).find((one) => one.startsWith(name));
    if (!cookie) return null;
    const content = await unsealData<T>(cookie.slice(name.length), { password: this.key, ttl: lifetimeSeconds });
    return Object.keys(content).length > 0 ? content : null;
  }

  clear(request: IncomingMessage, response: ServerResponse, kind: string): void {
    response.appendHeader('Set-Cookie', this.cookie(request, kind, '', 0));
  }

  private cookie(request: IncomingMessage, kind: string, value: string, seconds: number): string {
    const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
    return `${this.prefix}_${kind}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
  }
}
