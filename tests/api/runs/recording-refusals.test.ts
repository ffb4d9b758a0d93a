import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Split } from '../../../server/src/split.js';
import { Recorder, type Refusal } from '../../support/recording.js';
import { seedDataset, seedRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let recorder: Recorder;
let own: string;

beforeAll(async () => {
  server = await testServer();
  const seeded = await seedDataset(server.database.dataSource);
  recorder = new Recorder(server, seeded);
  own = (await seedRun(server.database.dataSource, seeded, { epochs: 1 })).run.id;
});
afterAll(() => server.close());

describe('an upload that does not fit', () => {
  const bodies: readonly (readonly [string, string, Partial<Refusal['error']>, string])[] = [
    ['an unknown key', '{"key":"nobody.png","logits":[1,2,3]}', { row: 1, key: 'nobody.png' }, 'no sample has'],
    [
      'a key twice',
      '{"key":"face-00000.png","logits":[1,2,3]}\n{"key":"face-00000.png","logits":[1,2,3]}',
      { row: 2, key: 'face-00000.png' },
      'in row 1 too',
    ],
    ['another number of classes', '{"key":"face-00000.png","logits":[1,2]}', { row: 1 }, '3 numbers in logits'],
    ['NaN', '{"key":"face-00000.png","logits":[1,NaN,3]}', { row: 1, key: 'face-00000.png' }, 'NaN'],
    ['a sum that is not 1', '{"key":"face-00000.png","target":[0.5,0.2,0.1]}', { row: 1 }, 'a sum of 0.8'],
    ['logits called probabilities', '{"key":"face-00000.png","target":[3,-1,2]}', { row: 1 }, 'are these logits?'],
    [
      'neither distribution nor prediction',
      '{"key":"face-00000.png","loss":1}',
      { row: null },
      'logits, target or prediction',
    ],
    ['a line that breaks off', '{"key":"face-00000.png","logits":[1,2,3]}\n{"key":"face-00', { row: 2 }, 'broken off'],
    ['a pickle', '\u0080\u0004\u0095', { row: null }, 'numpy.savez'],
    ['something else', 'key,logits\n', { row: null }, 'JSON lines'],
    ['an unknown class', '{"key":"face-00000.png","prediction":"joy"}', { row: 1 }, 'anger, fear, surprise'],
  ];
  test.each(bodies)('with %s is refused, and names it', async (_name, body, where, says) => {
    const run = await recorder.begin();
    const bytes = body.startsWith('\u0080') ? Buffer.from(body, 'latin1') : body;
    const { status, answer } = await recorder.put<Refusal>(run, 1, Split.TRAIN, bytes);
    expect(status).toBe(400);
    expect(answer.error).toMatchObject({ code: 'INVALID_INPUT', ...where });
    expect(answer.error.message).toContain(says);
    const { trainingRun } = await server.data(`query ($id: ID!) { trainingRun(id: $id) { epochs { number } } }`, {
      id: run,
    });
    expect(trainingRun.epochs).toEqual([]);
  });

  test('of facts that are no JSON says so', async () => {
    const run = await recorder.begin();
    const response = await fetch(`${server.url}/runs/${run}/epochs/1`, { method: 'PUT', body: '{x' });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: 'INVALID_INPUT', message: expect.stringContaining('expected a JSON object') } },
    ]);
  });

  test('for a run that was trained here, or none, or an epoch 0 is refused', async () => {
    expect(
      (await recorder.put<Refusal>(own, 1, Split.TRAIN, recorder.logits(Split.TRAIN, 1))).answer.error.message,
    ).toContain('trained here');
    expect((await recorder.put('run_999', 1, Split.TRAIN, '{}')).status).toBe(404);
    expect((await recorder.put<Refusal>(await recorder.begin(), 0, Split.TRAIN, '{}')).answer.error.message).toContain(
      'counted from 1',
    );
  });
});
