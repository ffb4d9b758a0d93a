import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => void (server = await testServer()));
afterAll(() => server.close());

const fields = 'name rule things bytes goneThings goneBytes trouble';
interface Pile {
  name: string;
  things: number;
  goneThings: number;
}
const called = (piles: Pile[], name: string): Pile => piles.find((pile) => pile.name === name)!;

describe('what takes the room', () => {
  test('is told with what would go, and goes when an admin says so', async () => {
    const upload = path.join(server.dataDirectory, 'uploads', `upload_${'a'.repeat(32)}`);
    await mkdir(upload, { recursive: true });
    await writeFile(path.join(upload, 'faces.zip'), 'x'.repeat(1000));
    const old = new Date(Date.now() - 48 * 3_600_000);
    for (const place of [path.join(upload, 'faces.zip'), upload]) await utimes(place, old, old);
    const { storedPiles } = await server.data(`{ storedPiles { ${fields} } }`);
    expect(called(storedPiles, 'uploads')).toMatchObject({ things: 1, bytes: 1000, goneThings: 1, goneBytes: 1000 });
    expect(called(storedPiles, 'database')).toMatchObject({ bytes: expect.any(Number), trouble: null });
    const tidy = `mutation ($dry: Boolean!) { tidyUp(dryRun: $dry) { ${fields} } }`;
    const dry = (await server.data(tidy, { dry: true }))['tidyUp'];
    expect(called(dry, 'uploads')).toMatchObject({ things: 1, goneThings: 1 });
    const done = (await server.data(tidy, { dry: false }))['tidyUp'];
    expect(called(done, 'uploads')).toMatchObject({ things: 0, goneThings: 1, goneBytes: 1000 });
    expect(called((await server.data(`{ storedPiles { ${fields} } }`))['storedPiles'], 'uploads').things).toBe(0);
  });
});
