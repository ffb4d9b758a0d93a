import http, { type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limitBody } from '../../../server/src/api/request-limits.js';
import { uploadRoute } from '../../../server/src/datasets/uploads/upload-route.js';
import { UploadStore } from '../../../server/src/datasets/uploads/upload-store.js';
import { DataStore } from '../../../server/src/storage/data-store.js';

const idle = 400;
let directory: string;
let uploads: UploadStore;
let server: Server;
let port: number;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'request-limits-'));
  uploads = new UploadStore(DataStore.open(directory), 1e6);
  const app = express();
  app.use((request, response, next) => {
    limitBody(request, response, idle);
    next();
  });
  app.use(uploadRoute(uploads));
  server = http.createServer({ requestTimeout: 0 }, app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true, force: true });
});

/** Sends a request's head, then pieces with pauses; everything that the server answered. */
async function send(head: string, pieces: readonly string[], pause: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answered = '';
  socket.on('data', (chunk) => (answered += chunk.toString()));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(`${head}\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n`);
  for (const piece of pieces) {
    socket.write(piece);
    await sleep(pause);
  }
  await closed;
  return answered;
}

describe('an upload', () => {
  test('that stops coming is ended with 408 and a sentence, and leaves nothing', async () => {
    const answered = await send('POST /uploads?name=a HTTP/1.1\r\nContent-Length: 100', ['0123456789'], 10);
    expect(answered).toMatch(/^HTTP\/1\.1 408 /);
    expect(answered).toContain('"code":"BODY_IDLE","message":"Expected the rest of the body; nothing came for 0.4 s."');
    await expect.poll(() => uploads.room(0).then((room) => room)).toBeGreaterThan(0);
  });

  test('that keeps coming may take many times as long', async () => {
    const pieces = Array.from({ length: 10 }, () => '0123456789');
    const answered = await send('POST /uploads?name=a HTTP/1.1\r\nContent-Length: 100', pieces, idle / 2);
    expect(answered).toMatch(/^HTTP\/1\.1 201 /);
  });

  test('in pieces keeps what came before it stopped, and goes on there', async () => {
    const { id } = await uploads.inPieces.begin('faces.zip', 30);
    const first = await send(
      `PATCH /uploads/${id} HTTP/1.1\r\nUpload-Offset: 0\r\nContent-Length: 30`,
      ['0123456789'],
      10,
    );
    expect(first).toMatch(/^HTTP\/1\.1 408 /);
    await expect.poll(async () => (await uploads.inPieces.progress(id)).offset).toBe(10);
    const rest = await send(
      `PATCH /uploads/${id} HTTP/1.1\r\nUpload-Offset: 10\r\nContent-Length: 20`,
      ['01234567890123456789'],
      10,
    );
    expect(rest).toMatch(/^HTTP\/1\.1 200 /);
    expect(rest).toContain(`"id":"${id}"`);
  });
});
