import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '../engine/engine.js';
import type { BenchCase } from './bench-engine-case.js';
import type { Answer, Question, Work } from './bench-engine-child.js';

/** A process that trains, or evaluates, as often as it is asked to. */
export interface Runner {
  name: string;
  device: string;
  /** The most memory that its process held so far. */
  peakBytes: number;
  /** @returns the milliseconds of each of `count` times. */
  run(work: Work, count: number): Promise<number[]>;
  stop(): void;
}

export type EngineChoice = Pick<EngineOptions, 'backend' | 'threads' | 'onnxruntime'>;

/** @returns why it does not run, where it does not. */
export async function engineRunner(name: string, engine: EngineChoice, benchCase: BenchCase): Promise<Runner | string> {
  const child = fork(fileURLToPath(new URL('./bench-engine-child.js', import.meta.url)));
  const first = await ask(child, { ask: 'start', engine, benchCase });
  if ('failed' in first || !('started' in first)) {
    child.kill();
    return 'failed' in first ? first.failed : 'no answer';
  }
  const runner: Runner = {
    name,
    device: first.started.device,
    peakBytes: 0,
    stop: () => child.kill(),
    run: async (work, count) => {
      const reply = await ask(child, { ask: work, count });
      if (!('milliseconds' in reply)) throw new Error(`${name}: ${'failed' in reply ? reply.failed : 'no times'}`);
      runner.peakBytes = reply.peakBytes;
      return reply.milliseconds;
    },
  };
  return runner;
}

async function ask(child: ChildProcess, question: Question): Promise<Answer> {
  const exited = once(child, 'exit').then(([code]): Answer => ({ failed: `its process ended with ${code}` }));
  const answered = once(child, 'message').then(([reply]) => reply as Answer);
  child.send(question);
  return Promise.race([answered, exited]);
}

/** The first of `candidates` that imports torch, with torch's version. */
export function findPytorch(candidates: readonly string[]): { python: string; version: string } | undefined {
  for (const python of candidates) {
    const probe = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
    if (probe.status === 0) return { python, version: probe.stdout.trim() };
  }
  return undefined;
}

/** PyTorch on the same work. The script reads what to do a line and answers each with JSON. */
export async function pytorchRunner(
  { python, version }: { python: string; version: string },
  script: string,
  threads: number,
  { size, batch, width, backbone }: BenchCase,
): Promise<Runner> {
  const child = spawn(python, [script, String(size), String(batch), String(width), String(threads), backbone], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const runner: Runner = {
    name: `PyTorch ${version}`,
    device: `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    peakBytes: 0,
    stop: () => child.kill(),
    run: async (work, count) => {
      child.stdin.write(`${work} ${count}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended early.`);
      const reply = JSON.parse(value) as { milliseconds: number[]; peakBytes: number };
      runner.peakBytes = reply.peakBytes;
      return reply.milliseconds;
    },
  };
  await runner.run('train', 2);
  await runner.run('evaluate', 1);
  return runner;
}
