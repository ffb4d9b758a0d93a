import { DataStore } from '../../../server/src/storage/data-store.js';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UploadStore } from '../../../server/src/datasets/uploads/upload-store.js';
import { testServer, type TestServer } from '../../support/server.js';

const file = Buffer.from(Array.from({ length: 200_000 }, (_, n) => (n * 7) % 251));
const sha256 = createHash('sha256').update(file).digest('hex');

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ files: { uploadLimit: 300_000, uploadQuota: 900_000 } });
});
afterAll(() => server.close());

async function begin(length: number, name = 'a.zip'): Promise<{ status: number; body: Record<string, any> }> {
  const headers = { 'upload-length': String(length) };
  const response = await fetch(`${server.url}/uploads?name=${name}`, { method: 'POST', headers });
  return { status: response.status, body: (await response.json()) as Record<string, any> };
}

async function send(id: string, offset: number, piece: Uint8Array): Promise<{ status: number; body: any }> {
  const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) };
  const body = new Uint8Array(piece);
  const response = await fetch(`${server.url}/uploads/${id}`, { method: 'PATCH', headers, body });
  return { status: response.status, body: await response.json() };
}

async function offsetOf(id: string): Promise<number> {
  const response = await fetch(`${server.url}/uploads/${id}`, { method: 'HEAD' });
  return Number(response.headers.get('upload-offset') ?? Number.NaN);
}

/** Sends the beginning of a piece and leaves. */
function breakOff(id: string, offset: number, announced: number, sent: Buffer): Promise<void> {
  const { port } = new URL(server.url);
  const head = [
    `PATCH /uploads/${id} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/octet-stream',
    `Upload-Offset: ${offset}`,
    `Content-Length: ${announced}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      socket.write(sent, () => setTimeout(() => socket.destroy(), 300));
    });
    socket.on('close', () => resolve()).on('error', reject);
  });
}

describe('an upload in pieces', () => {
  test('goes on where it broke off, and ends as any other', async () => {
    const { status, body } = await begin(file.length);
    expect([status, body]).toEqual([201, { id: expect.stringMatching(/^upload_/), offset: 0, length: file.length }]);
    expect(await send(body.id, 0, file.subarray(0, 50_000))).toMatchObject({ status: 200, body: { offset: 50_000 } });
    await breakOff(body.id, 50_000, 100_000, file.subarray(50_000, 90_000));
    await expect.poll(() => offsetOf(body.id), { timeout: 10_000 }).toBe(90_000);
    await expect
      .poll(() => send(body.id, 0, file.subarray(0, 10)))
      .toMatchObject({
        status: 409,
        body: { error: { code: 'UPLOAD_OFFSET', offset: 90_000, length: file.length } },
      });
    const whole = await send(body.id, 90_000, file.subarray(90_000));
    expect(whole.body).toEqual({ id: body.id, fileName: 'a.zip', bytes: file.length, sha256 });
    expect(await server.services.uploads.find(body.id, 'upload')).toMatchObject({ fileName: 'a.zip' });
    expect(await offsetOf(body.id)).toBeNaN();
  });

  test('is refused where it is too large, goes on elsewhere, or was never begun', async () => {
    expect(await begin(300_001)).toMatchObject({ status: 413, body: { error: { code: 'UPLOAD_TOO_LARGE' } } });
    expect(await begin(0)).toMatchObject({ status: 400 });
    const { body } = await begin(10);
    expect(await send(body.id, 5, file.subarray(0, 5))).toMatchObject({ status: 409 });
    expect(await send(body.id, 0, file.subarray(0, 11))).toMatchObject({ status: 400 });
    expect(await send(`upload_${'0'.repeat(32)}`, 0, file.subarray(0, 5))).toMatchObject({ status: 404 });
    expect(await send('upload_..', 0, file.subarray(0, 5))).toMatchObject({ status: 400 });
  });
});

describe('room for uploads', () => {
  test('ends at the quota of all together', async () => {
    const { status, body } = await begin(250_000);
    expect(status).toBe(201);
    const filled = await Promise.all(
      [0, 1, 2, 3].map(() =>
        fetch(`${server.url}/uploads?name=b`, {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: new Uint8Array(file),
        }),
      ),
    );
    expect(filled.map((response) => response.status)).toContain(201);
    const next = await begin(300_000);
    expect(next).toMatchObject({ status: 507, body: { error: { code: 'UPLOAD_QUOTA' } } });
    await server.services.uploads.remove(body.id);
  });

  test('leaves the reserve of the disk alone', async () => {
    const store = new UploadStore(DataStore.open(`${server.dataDirectory}/reserve`), Infinity, {
      quota: Infinity,
      reserve: 2 ** 52,
    });
    await expect(store.room(1)).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/bytes free and is to keep 4503599627370496 \(DISK_RESERVE\)/),
    });
  });
});
