import { spawnSync } from 'node:child_process';
import { existsSync, globSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../engine/bench/turns.js';
import { markdownTable } from '../engine/bench/table.js';
import { startEngine, type Engine } from '../engine/engine.js';
import { processorName } from '../engine/processor.js';
import { computesInSoftware } from '../engine/webgpu/dawn.js';
import { runningGpu, type GpuWork, type ShaderTime } from '../engine/webgpu/observed-gpu.js';
import { messageOf, PlatformError } from '../errors.js';
import { formatReport } from '../models/parity/format-report.js';
import { readParityFile } from '../commands/parity-file.js';
import { trainingGflop } from './bench-engine-case.js';
import { findPytorch, startPytorch, type Pytorch } from './gpu-check-pytorch.js';
import { gpuTrainer, type TrainingCase } from './gpu-check-training.js';

const usage = `Usage: run.sh [options]     parity and speed of training through WebGPU on this machine's GPU
  --size PX          side of the images (224)
  --batch N          images a step (64)
  --width N          channels of the first layer (64)
  --rounds N         rounds of the bench, engine and PyTorch in turns (5)
  --steps N          steps a round (10)
  --parity FILES     none, or a pattern of parity files (all of the bundle)
  --python PROGRAM   a Python that may have PyTorch (python3)
  --profile          also the time on the GPU by shader
  --software         a driver that computes on the processor will do: a test of this program, no measure of anything
  --json FILE        where all of it is written (gpu-check.json)`;

interface Settings extends TrainingCase {
  rounds: number;
  steps: number;
  parityFiles: string[];
  python: string;
  profile: boolean;
  software: boolean;
  json: string;
  scripts: { wrapper: string; bench: string };
}

interface Rate {
  name: string;
  millisecondsAStep: number;
  imagesASecond: number;
  /** Null for evaluation, which is counted in images alone. */
  gflops: number | null;
}

interface Report {
  startedAt: string;
  machine: Record<string, string>;
  device: string;
  settings: Settings;
  parity: { file: string; seconds: number; passed: boolean; comparisons: unknown }[];
  work?: GpuWork;
  allocatedBytes?: number;
  profile?: ShaderTime[];
  rates: Rate[];
  notes: string[];
}

const EVALUATION = 'WebGPU, evaluation';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const settings = readSettings();
  const engine = await startEngine({ backend: 'webgpu', threads: 0, log: print });
  try {
    if (!settings.software && computesInSoftware(engine.device))
      throw new PlatformError(
        'ENVIRONMENT',
        `No GPU: the only Vulkan driver here computes in software (${engine.device}). Install the GPU's driver, or give --software to try this program.`,
      );
    const report: Report = {
      startedAt: new Date().toISOString(),
      machine: machine(),
      device: engine.device,
      settings,
      parity: [],
      rates: [],
      notes: [],
    };
    for (const [name, value] of Object.entries(report.machine)) print(`${name}: ${value}`);
    await checkParity(engine, report);
    writeFileSync(settings.json, JSON.stringify(report, null, 2));
    await measure(engine, report);
    print(
      `\n${markdownTable([['', 'ms a step', 'images/s', 'GFLOP/s'], ...report.rates.map(({ name, millisecondsAStep, imagesASecond, gflops }) => [name, millisecondsAStep.toFixed(1), imagesASecond.toFixed(1), gflops?.toFixed(0) ?? ''])])}`,
    );
    for (const note of report.notes) print(note);
    writeFileSync(settings.json, JSON.stringify(report, null, 2));
    print(`\nEverything is in ${path.resolve(settings.json)}.`);
    if (report.parity.some(({ passed }) => !passed)) process.exitCode = 1;
  } finally {
    await engine.dispose();
  }
}

function readSettings(): Settings {
  const bundle = path.resolve(import.meta.dirname, '../../../..');
  const parity = ['parity', 'tests/fixtures/parity']
    .map((directory) => path.join(bundle, directory))
    .find((directory) => existsSync(directory));
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      size: text('224'),
      batch: text('64'),
      width: text('64'),
      rounds: text('5'),
      steps: text('10'),
      parity: text(`${parity ?? bundle}/*.json`),
      python: text('python3'),
      json: text('gpu-check.json'),
      profile: flag,
      software: flag,
      help: flag,
    },
  });
  if (values.help) {
    print(usage);
    process.exit(0);
  }
  const whole = (name: 'size' | 'batch' | 'width' | 'rounds' | 'steps', least: number): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new PlatformError(
        'INVALID_INPUT',
        `--${name}: expected a whole number from ${least}, found "${values[name]}".`,
      );
    return value;
  };
  const parityFiles = values.parity === 'none' ? [] : globSync(values.parity).sort();
  if (values.parity !== 'none' && parityFiles.length === 0)
    throw new PlatformError('INVALID_INPUT', `--parity: no file is named ${values.parity}.`);
  const { python, profile, software, json } = values;
  const scripts = {
    wrapper: path.join(bundle, 'scripts/gpu-torch.py'),
    bench: path.join(bundle, 'scripts/bench-torch.py'),
  };
  return {
    size: whole('size', 32),
    batch: whole('batch', 2),
    width: whole('width', 1),
    rounds: whole('rounds', 1),
    steps: whole('steps', 1),
    parityFiles,
    python,
    profile,
    software,
    json,
    scripts,
  };
}

function machine(): Record<string, string> {
  const found: Record<string, string> = {
    System: `${os.type()} ${os.release()} ${os.arch()}`,
    Processor: processorName(),
    Node: process.versions.node,
  };
  const smi = spawnSync('nvidia-smi', ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  if (smi.status === 0) found['NVIDIA'] = smi.stdout.trim();
  return found;
}

async function checkParity(engine: Engine, report: Report): Promise<void> {
  for (const file of report.settings.parityFiles) {
    const { judge } = await readParityFile(file);
    const before = performance.now();
    const result = await judge(engine, 'precise');
    const seconds = (performance.now() - before) / 1000;
    report.parity.push({ file: path.basename(file), seconds, ...result });
    print(`\n${formatReport(`Parity, ${path.basename(file)}: ${seconds.toFixed(1)} s`, result).trimEnd()}`);
  }
}

async function measure(engine: Engine, report: Report): Promise<void> {
  const { size, batch, width, rounds, steps, profile } = report.settings;
  print(`\nTraining step, ${size} x ${size} px, batch ${batch}, width ${width}; ${rounds} rounds of ${steps} steps`);
  const trainer = gpuTrainer(engine, report.settings);
  await trainer.train(3, 0);
  report.work = await trainer.count();
  report.allocatedBytes = runningGpu().allocatedBytes();
  print(
    `  A step: ${report.work.dispatches} dispatches, ${report.work.submits} submits, ${report.work.uploads} uploads of ${(report.work.uploadedBytes / 2 ** 20).toFixed(1)} MiB, ${report.work.downloads} read back; ${(report.allocatedBytes / 2 ** 20).toFixed(0)} MiB of buffers on the device`,
  );
  const pytorches = await pytorchesOf(report);
  const contenders: { name: string; run: () => Promise<number> }[] = [
    { name: 'WebGPU, each step waited for', run: () => trainer.train(steps, 0) },
    { name: 'WebGPU, one step ahead', run: () => trainer.train(steps, 1) },
    { name: EVALUATION, run: () => trainer.evaluate(steps) },
    ...pytorches.map((pytorch) => ({ name: pytorch.name, run: async () => median(await pytorch.train(steps)) })),
  ];
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  try {
    for (let round = 0; round < rounds; round++)
      for (const { name, run } of contenders) times.get(name)!.push(await run());
  } finally {
    for (const pytorch of pytorches) pytorch.stop();
  }
  const benchCase = { size, batch, width, backbone: 'resnet18' as const };
  const training = trainingGflop(benchCase);
  for (const [name, milliseconds] of times) {
    const middle = median(milliseconds);
    const gflop = name === EVALUATION ? null : (batch * 1000 * training) / middle;
    report.rates.push({ name, millisecondsAStep: middle, imagesASecond: (batch * 1000) / middle, gflops: gflop });
  }
  if (profile) await printProfile(await trainer.profile(), report);
  trainer.dispose();
}

/** PyTorch once as it comes and, on CUDA, once more without TF32. Where it is missing or fails, a note says so. */
async function pytorchesOf(report: Report): Promise<Pytorch[]> {
  const { python, scripts } = report.settings;
  const found = findPytorch(python);
  if (found === undefined) {
    report.notes.push(`${python} has no PyTorch: nothing to compare with (--python names another).`);
    return [];
  }
  const started: Pytorch[] = [];
  for (const tf32 of found.cuda ? [true, false] : [true]) {
    try {
      started.push(await startPytorch(python, scripts, found, tf32, report.settings));
    } catch (error) {
      report.notes.push(`PyTorch ${found.version} failed: ${messageOf(error)}`);
    }
  }
  return started;
}

function printProfile(times: ShaderTime[] | undefined, report: Report): void {
  if (times === undefined) return void report.notes.push('This device measures no time by shader.');
  report.profile = times;
  const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rows = times
    .slice(0, 25)
    .map(({ shader, dispatches, milliseconds }) => [
      shader.slice(0, 110),
      String(dispatches),
      milliseconds.toFixed(2),
      `${((100 * milliseconds) / total).toFixed(1)} %`,
    ]);
  print(
    `\nOn the GPU, one step: ${total.toFixed(1)} ms\n${markdownTable([['shader', 'dispatches', 'ms', 'share'], ...rows])}`,
  );
}

try {
  await main();
} catch (error) {
  process.stderr.write(
    `${error instanceof PlatformError ? messageOf(error) : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
}
