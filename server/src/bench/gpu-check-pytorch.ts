import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TrainingCase } from './gpu-check-training.js';

export interface Pytorch {
  name: string;
  /** @returns milliseconds of each of so many steps. */
  train(steps: number): Promise<number[]>;
  stop(): void;
}

interface Found {
  version: string;
  cuda: boolean;
  device: string;
}

const PROBE =
  'import json, torch; c = torch.cuda.is_available(); print(json.dumps({"version": torch.__version__, "cuda": c, "device": torch.cuda.get_device_name(0) if c else "CPU"}))';

/** What PyTorch a Python has; undefined where it has none. */
export function findPytorch(python: string): Found | undefined {
  const probe = spawnSync(python, ['-c', PROBE], { encoding: 'utf8' });
  return probe.status === 0 ? (JSON.parse(probe.stdout.trim().split('\n').at(-1)!) as Found) : undefined;
}

/**
 * The same step in PyTorch, on CUDA where it has it.
 * @param tf32 whether convolutions may round their factors to 10 bits, as PyTorch lets them on NVIDIA unless told
 * otherwise.
 */
export async function startPytorch(
  python: string,
  scripts: { wrapper: string; bench: string },
  { version, cuda, device }: Found,
  tf32: boolean,
  { size, batch, width }: TrainingCase,
): Promise<Pytorch> {
  const options = [
    cuda ? 'cuda' : 'cpu',
    tf32 ? 'tf32' : 'float32',
    scripts.bench,
    size,
    batch,
    width,
    0,
    'resnet18',
  ].map(String);
  const child = spawn(python, [scripts.wrapper, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const pytorch: Pytorch = {
    name: `PyTorch ${version} on ${device}${cuda ? (tf32 ? ', TF32 (its default)' : ', float32') : ''}`,
    stop: () => child.kill(),
    train: async (steps) => {
      child.stdin.write(`train ${steps}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${scripts.bench} ended early.`);
      return (JSON.parse(value) as { milliseconds: number[] }).milliseconds;
    },
  };
  await pytorch.train(2);
  return pytorch;
}
