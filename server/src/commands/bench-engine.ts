import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inTurns, median, type Contender } from '../engine/bench/turns.js';
import { markdownTable } from '../engine/bench/table.js';
import type { EngineOptions } from '../engine/engine.js';
import { processorName } from '../engine/processor.js';
import { CASES, titleOf, trainingGflop, type BenchCase } from './bench-engine-case.js';
import type { Answer, Question } from './bench-engine-child.js';

/** Every backend worth timing; `cpu` takes minutes a step. The last is the peer that the others are compared with. */
const BACKENDS: { title: string; options: Pick<EngineOptions, 'backend' | 'onnxruntime'> }[] = [
  { title: 'tensorflow-gpu', options: { backend: 'tensorflow-gpu' } },
  { title: 'webgpu', options: { backend: 'webgpu' } },
  { title: 'tensorflow', options: { backend: 'tensorflow' } },
  { title: 'native-cpu', options: { backend: 'native-cpu' } },
  { title: 'native-cpu, own convolutions', options: { backend: 'native-cpu', onnxruntime: false } },
  { title: 'wasm (tfjs-wasm, composed)', options: { backend: 'wasm' } },
];
const PEER = 'wasm (tfjs-wasm, composed)';

export interface BenchOptions {
  /** The smallest case alone, in fewer rounds. */
  quick: boolean;
  /** 0 = as many as the machine has cores. */
  threads: number;
  /** A Python that may import torch, and the script it then runs. */
  python: string;
  torchScript: string;
  print: (line: string) => void;
}

interface Runner extends Contender {
  device: string;
  peakBytes: number;
  stop(): void;
}

/** Times a training step on every backend that starts here, each in a process of its own, in turns. */
export async function benchEngine(options: BenchOptions): Promise<void> {
  options.print(`Processor: ${processorName()}; Node ${process.versions.node}.`);
  const absent = new Set<string>();
  for (const benchCase of options.quick ? CASES.slice(0, 1) : CASES) {
    const gflop = trainingGflop(benchCase);
    options.print(`\n${titleOf(benchCase)}: training step, ${gflop.toPrecision(4)} GFLOP an image`);
    const runners = await startRunners(benchCase, options, absent);
    try {
      const times = await inTurns(runners, options.quick ? 3 : 5, options.quick ? 2 : 3);
      options.print(`\n${tableOf(benchCase, runners, times)}`);
    } finally {
      for (const runner of runners) runner.stop();
    }
  }
}

/** @param absent titles of backends that did not start before: not tried again, and added to. */
async function startRunners(benchCase: BenchCase, options: BenchOptions, absent: Set<string>): Promise<Runner[]> {
  const runners: Runner[] = [];
  const torch = await torchRunner(benchCase, options);
  if (torch !== undefined) runners.push(torch);
  for (const { title, options: engine } of BACKENDS.filter((backend) => !absent.has(backend.title))) {
    const started = await engineRunner(title, { ...engine, threads: options.threads }, benchCase);
    if (typeof started !== 'string') runners.push(started);
    else {
      absent.add(title);
      options.print(`  ${title}: ${started}`);
    }
  }
  for (const { name, device } of runners) options.print(`  ${name}: ${device}`);
  return runners;
}

function tableOf(benchCase: BenchCase, runners: readonly Runner[], times: Map<string, number[]>): string {
  const milliseconds = new Map(runners.map(({ name }) => [name, median(times.get(name) ?? [])]));
  const peer = milliseconds.get(PEER) ?? Number.NaN;
  const rows = runners.map(({ name, peakBytes }) => {
    const time = milliseconds.get(name) ?? Number.NaN;
    const imagesASecond = (benchCase.batch / time) * 1000;
    const gflops = imagesASecond * trainingGflop(benchCase);
    return [name, time.toFixed(0), imagesASecond.toFixed(1), gflops.toFixed(0), `${(peer / time).toFixed(2)} x`, (peakBytes / 2 ** 20).toFixed(0)];
  });
  return markdownTable([['backend', 'ms a step', 'images/s', 'GFLOP/s', 'against wasm', 'peak MiB'], ...rows]);
}

/** @returns why it does not run, where it does not. */
async function engineRunner(name: string, engine: Pick<EngineOptions, 'backend' | 'threads' | 'onnxruntime'>, benchCase: BenchCase): Promise<Runner | string> {
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
    run: async (count) => {
      const reply = await ask(child, { ask: 'run', count });
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

/** PyTorch on the same step; undefined where Python has no torch. The script reads a count a line and answers with JSON. */
async function torchRunner(benchCase: BenchCase, { python, torchScript, threads }: BenchOptions): Promise<Runner | undefined> {
  const probe = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
  if (probe.status !== 0) return undefined;
  const { size, batch, width } = benchCase;
  const child = spawn(python, [torchScript, String(size), String(batch), String(width), String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const runner: Runner = {
    name: `PyTorch ${probe.stdout.trim()}`,
    device: 'CPU',
    peakBytes: 0,
    stop: () => child.kill(),
    run: async (count) => {
      child.stdin.write(`${count}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${torchScript} ended early.`);
      const reply = JSON.parse(value) as { milliseconds: number[]; peakBytes: number };
      runner.peakBytes = reply.peakBytes;
      return reply.milliseconds;
    },
  };
  await runner.run(1);
  return runner;
}
