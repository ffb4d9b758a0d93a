import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlatformProcess, startPlatformProcess } from '../../support/platform-process.js';

const minute = 60_000;

let platform: PlatformProcess;
let keys: string[];

beforeAll(async () => {
  platform = await startPlatformProcess({ WORKERS: '0' });
  await platform.adadf('draw-faces', '--size', 'tiny', '--name', 'drawn');
  const { datasets } = await platform.data(
    '{ datasets { samples(first: 200, filter: { split: TRAIN }) { nodes { key } } classes } }',
  );
  keys = datasets[0].samples.nodes.map(({ key }: { key: string }) => key);
}, 3 * minute);
afterAll(() => platform.stop(), minute);

const begin = `mutation { recordRun(input: { dataset: "drawn", capture: EVALUATION_PASS }, idempotencyKey: "killed") { id } }`;

function body(epoch: number): string {
  return keys
    .map((key, n) => JSON.stringify({ key, logits: Array.from({ length: 7 }, (_, k) => epoch * Number(n % 7 === k)) }))
    .join('\n');
}

async function put(run: string, epoch: number): Promise<number> {
  return (await fetch(`${platform.url}/runs/${run}/epochs/${epoch}/TRAIN`, { method: 'PUT', body: body(epoch) }))
    .status;
}

async function epochs(run: string): Promise<number[]> {
  const parts = (await (await fetch(`${platform.url}/runs/${run}/epochs`)).json()) as { epoch: number }[];
  return parts.map(({ epoch }) => epoch);
}

/** Sends half of an epoch, and resolves when the platform has it. */
function putHalf(run: string, epoch: number): Promise<void> {
  const text = body(epoch);
  return new Promise((resolve) => {
    const sent = request(`${platform.url}/runs/${run}/epochs/${epoch}/TRAIN`, { method: 'PUT' });
    sent.on('error', () => undefined);
    sent.write(text.slice(0, text.length / 2), () => resolve());
  });
}

describe('a platform that is killed while a run is recorded', () => {
  test(
    'keeps what it had accepted, nothing of what was on its way, and doubles nothing',
    async () => {
      const { recordRun: run } = await platform.data(begin);
      expect(await put(run.id, 1)).toBe(201);
      // The third has come whole, and its answer is on its way: whether it was kept or not, sending it again is right.
      const third = put(run.id, 3).catch(() => 0);
      await putHalf(run.id, 2);
      await platform.kill();
      const answered = await third;
      await platform.restart();
      expect((await platform.data(begin)).recordRun.id).toBe(run.id);
      const kept = await epochs(run.id);
      expect(kept.filter((epoch) => epoch !== 3)).toEqual([1]);
      if (answered === 201) expect(kept).toContain(3);
      expect([await put(run.id, 1), await put(run.id, 2), await put(run.id, 2)]).toEqual([200, 201, 200]);
      expect(await put(run.id, 3)).toBe(kept.includes(3) ? 200 : 201);
      const { trainingRun, trainingRuns } = await platform.data(
        `{ trainingRuns { totalCount } trainingRun(id: "${run.id}") { epochs { number metrics { samples } } analyses(first: 1) { totalCount nodes { epoch trajectory { epochs } } } } }`,
      );
      expect(trainingRuns.totalCount).toBe(1);
      expect(trainingRun.epochs).toEqual([1, 2, 3].map((number) => ({ number, metrics: [{ samples: keys.length }] })));
      expect(trainingRun.analyses).toMatchObject({
        totalCount: keys.length,
        nodes: [{ epoch: 3, trajectory: { epochs: [1, 2, 3] } }],
      });
    },
    4 * minute,
  );
});
