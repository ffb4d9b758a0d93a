import { inRounds, median } from '../engine/bench/turns.js';
import { markdownTable } from '../engine/bench/table.js';
import { processorName, threadCount } from '../engine/processor.js';
import { verdicts, type Verdict } from './bench-engine-bars.js';
import { CASES, titleOf, trainingGflop, type BenchCase } from './bench-engine-case.js';
import { engineRunner, findPytorch, pytorchRunner, type EngineChoice, type Runner } from './bench-engine-runners.js';

/** Every backend worth timing; `cpu` takes minutes a step. */
const BACKENDS: { title: string; options: Omit<EngineChoice, 'threads'>; quick: boolean }[] = [
  { title: 'tensorflow-gpu', options: { backend: 'tensorflow-gpu' }, quick: true },
  { title: 'webgpu', options: { backend: 'webgpu' }, quick: false },
  { title: 'tensorflow', options: { backend: 'tensorflow' }, quick: true },
  { title: 'native-cpu', options: { backend: 'native-cpu' }, quick: true },
  { title: 'native-cpu, own convolutions', options: { backend: 'native-cpu', onnxruntime: false }, quick: false },
  { title: 'wasm (tfjs-wasm, composed)', options: { backend: 'wasm' }, quick: true },
];
const PEER = 'wasm (tfjs-wasm, composed)';
const JUDGED = 'native-cpu';

export interface BenchOptions {
  /** The smallest case alone, and no more backends than the bars need. */
  quick: boolean;
  /** 0 = as many as the machine has cores. */
  threads: number;
  /** Pythons that may import torch, and the script that the first of them runs. */
  pythons: readonly string[];
  torchScript: string;
  print: (line: string) => void;
}

interface Measured {
  runner: Runner;
  /** Milliseconds by round. */
  training: number[][];
  evaluation: number[][];
}

/**
 * Times a training step and a forward pass on every backend that starts here, and in PyTorch, each in a process of its
 * own, in turns.
 * @returns whether `native-cpu` reached every bar, noise allowed for.
 */
export async function benchEngine(options: BenchOptions): Promise<boolean> {
  const threads = threadCount(options.threads);
  options.print(
    `Processor: ${processorName()}, ${threads} ${threads === 1 ? 'thread' : 'threads'}; Node ${process.versions.node}.`,
  );
  const pytorch = findPytorch(options.pythons);
  if (pytorch === undefined)
    options.print(`PyTorch is left out: none of ${options.pythons.join(', ')} can import torch.`);
  const absent = new Set<string>();
  const judged: Verdict[] = [];
  for (const benchCase of options.quick ? CASES.slice(0, 1) : CASES) {
    options.print(
      `\n${titleOf(benchCase)}: ${trainingGflop(benchCase).toPrecision(4)} GFLOP an image and training step`,
    );
    const runners = await startRunners(benchCase, { ...options, threads, pytorch }, absent);
    try {
      const measured = await measure(runners, options.quick);
      options.print(`\n${tableOf(benchCase, measured)}`);
      if (benchCase.backbone === 'resnet18')
        judged.push(
          ...verdicts(JUDGED, benchCase.size, new Map(measured.map(({ runner, training }) => [runner.name, training]))),
        );
    } finally {
      for (const runner of runners) runner.stop();
    }
  }
  options.print(`\n${judged.map(({ line }) => line).join('\n')}`);
  return judged.every(({ missed }) => !missed);
}

type StartOptions = BenchOptions & { pytorch: ReturnType<typeof findPytorch> };

/** @param absent titles of backends that did not start before: not tried again, and added to. */
async function startRunners(benchCase: BenchCase, options: StartOptions, absent: Set<string>): Promise<Runner[]> {
  const runners: Runner[] = [];
  const { pytorch, torchScript, threads, quick } = options;
  if (pytorch) runners.push(await pytorchRunner(pytorch, torchScript, threads, benchCase));
  for (const { title, options: engine } of BACKENDS.filter(
    (backend) => !absent.has(backend.title) && (backend.quick || !quick),
  )) {
    if (benchCase.backbone !== 'resnet18' && title !== JUDGED) continue;
    const started = await engineRunner(title, { ...engine, threads }, benchCase);
    if (typeof started !== 'string') runners.push(started);
    else {
      absent.add(title);
      options.print(`  ${title}: ${started}`);
    }
  }
  for (const { name, device } of runners) options.print(`  ${name}: ${device}`);
  return runners;
}

async function measure(runners: readonly Runner[], quick: boolean): Promise<Measured[]> {
  const [rounds, steps] = quick ? [5, 2] : [5, 3];
  const turns = (work: 'train' | 'evaluate', count: number): Promise<Map<string, number[][]>> =>
    inRounds(
      runners.map((runner) => ({ name: runner.name, run: (times) => runner.run(work, times) })),
      count,
      steps,
    );
  const training = await turns('train', rounds);
  const evaluation = await turns('evaluate', quick ? 2 : 3);
  return runners.map((runner) => ({
    runner,
    training: training.get(runner.name)!,
    evaluation: evaluation.get(runner.name)!,
  }));
}

function tableOf(benchCase: BenchCase, measured: readonly Measured[]): string {
  const middle = ({ training }: Measured): number => median(training.flat());
  const peer = measured.find(({ runner }) => runner.name === PEER);
  const pytorch = measured.find(({ runner }) => runner.name.startsWith('PyTorch'));
  const times = (of: Measured | undefined, time: number): string =>
    of === undefined ? '' : `${(middle(of) / time).toFixed(2)} x`;
  const rows = measured.map((one) => {
    const time = middle(one);
    const rate = (milliseconds: number): number => (benchCase.batch / milliseconds) * 1000;
    const forward = rate(median(one.evaluation.flat())).toFixed(1);
    const gflops = (rate(time) * trainingGflop(benchCase)).toFixed(0);
    return [
      one.runner.name,
      time.toFixed(0),
      rate(time).toFixed(1),
      gflops,
      times(pytorch, time),
      times(peer, time),
      forward,
      (one.runner.peakBytes / 2 ** 20).toFixed(0),
    ];
  });
  return markdownTable([
    ['backend', 'ms a step', 'images/s', 'GFLOP/s', 'PyTorch', 'wasm', 'evaluated/s', 'peak MiB'],
    ...rows,
  ]);
}
