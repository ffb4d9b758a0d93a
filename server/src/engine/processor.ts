import os from 'node:os';

/** The processor's name and cores, e.g. "AMD EPYC, 2 cores". */
export function processorName(): string {
  const cores = os.availableParallelism();
  const model = os.cpus()[0]?.model.trim() ?? os.arch();
  return `${model}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;
}

/** @param asked 0 = as many as there are cores. */
export function threadCount(asked: number): number {
  return asked > 0 ? asked : os.availableParallelism();
}
