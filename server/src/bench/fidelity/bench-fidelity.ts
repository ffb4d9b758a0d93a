import 'reflect-metadata';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, startEngine } from '../../engine/engine.js';
import { threadsUpTo } from '../../threads.js';
import { findPytorch } from '../bench-engine-runners.js';
import { fidelityData, writeData } from './fidelity-data.js';
import {
  type Arm,
  arms,
  type FidelityPlan,
  outcomeFacts,
  quickPlan,
  type SeedResults,
  type Trained,
  wholePlan,
} from './fidelity-plan.js';
import { fidelityReport } from './fidelity-report.js';
import { trainOurs, trainTorch } from './fidelity-sides.js';

export interface FidelityOptions {
  quick: boolean;
  seeds: number;
  threads: number;
  /** Programs that may have torch. */
  pythons: readonly string[];
  torchScript: string;
  /** Where finished trainings are kept, so that an interrupted bench goes on; quick ones are not. */
  keep: string;
  print: (line: string) => void;
}

const quickSeeds = 2;

/** What is finished, and of which plan. */
interface Kept {
  plan: FidelityPlan;
  names: [string, string];
  results: Record<string, Partial<SeedResults>>;
}

/**
 * Trains what `fidelityPlan` says over some seeds, here and in PyTorch, each twice, and prints the comparison.
 * @returns false where nothing could be compared: there is no PyTorch.
 */
export async function benchFidelity(options: FidelityOptions): Promise<boolean> {
  const { quick, print } = options;
  const found = findPytorch(options.pythons);
  if (!found) {
    print(
      `Expected a Python with PyTorch, found none in ${options.pythons.join(', ')}. Name one: npm run bench -- fidelity --python /usr/bin/python3`,
    );
    return false;
  }
  const plan = quick ? quickPlan : wholePlan;
  print('Bounds, named before anything is trained: a mean difference within them counts as none.');
  for (const { label, bound } of Object.values(outcomeFacts)) print(`  ${label}: ± ${bound}`);
  const engine = await startEngine({ backend: 'auto', threads: options.threads, log: () => undefined });
  try {
    const names: [string, string] = [engine.name, `PyTorch ${found.version}`];
    const kept = (quick ? null : await readKept(options.keep, plan)) ?? { plan, names, results: {} };
    const threads = options.threads || threadsUpTo(64);
    const torch = { python: found.python, script: options.torchScript, threads };
    for (let seed = 1; seed <= (quick ? quickSeeds : options.seeds); seed++)
      await trainSeed({ engine, torch, plan, seed, kept, keep: quick ? null : options.keep, print });
    print(`\n${fidelityReport(plan, Object.values(kept.results) as SeedResults[], kept.names)}`);
    return true;
  } finally {
    await engine.dispose();
  }
}

interface SeedOptions {
  engine: Engine;
  torch: Parameters<typeof trainTorch>[0];
  plan: FidelityPlan;
  seed: number;
  kept: Kept;
  keep: string | null;
  print: (line: string) => void;
}

/** The trainings of a seed that are not there yet. */
async function trainSeed({ engine, torch, plan, seed, kept, keep, print }: SeedOptions): Promise<void> {
  const done = (kept.results[seed] ??= {});
  const missing = arms.filter((arm) => !done[arm]);
  if (missing.length === 0) return;
  const data = fidelityData(plan, seed);
  const folder = await mkdtemp(path.join(tmpdir(), 'fidelity-'));
  const train: Record<Arm, () => Promise<Trained>> = {
    ours: () => trainOurs(engine, data, { plan, seed, weights: data.weights }),
    oursAgain: () => trainOurs(engine, data, { plan, seed, weights: data.moved }),
    torch: () => trainTorch(torch, folder, 'weights'),
    torchAgain: () => trainTorch(torch, folder, 'moved'),
  };
  try {
    await writeData(folder, data, plan, seed);
    for (const arm of missing) {
      const startedAt = performance.now();
      const trained = await train[arm]();
      done[arm] = trained;
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
      print(
        `seed ${seed}, ${arm}: accuracy ${trained.accuracy.toFixed(3)}, KL ${trained.divergence.toFixed(3)}, loss ${trained.loss.toFixed(3)}, ${seconds} s`,
      );
      if (keep) await writeKept(keep, kept);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null where nothing is kept, or of another plan. */
async function readKept(file: string, plan: FidelityPlan): Promise<Kept | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const kept = JSON.parse(text) as Kept;
  return JSON.stringify(kept.plan) === JSON.stringify(plan) ? kept : null;
}

async function writeKept(file: string, kept: Kept): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, JSON.stringify(kept));
  await rename(`${file}.partial`, file);
}
