import { registerEnumType } from 'type-graphql';
import { BACKEND_NAMES, type BackendName } from '../../engine/started-backend.js';
import { InvalidInputError } from '../../errors.js';

export enum WorkerKind {
  ANY = 'ANY',
  GPU = 'GPU',
}
registerEnumType(WorkerKind, {
  name: 'WorkerKind',
  valuesConfig: {
    ANY: { description: 'Whichever worker is free.' },
    GPU: { description: 'One whose tensors run on a GPU: backend `tensorflow-gpu` or `webgpu`.' },
  },
});

/** What a run asks of its worker: a kind, or one backend by name. */
export type WantedWorker = WorkerKind | BackendName;

const gpuBackends: readonly string[] = ['tensorflow-gpu', 'webgpu'] satisfies BackendName[];

export const everyWantedWorker: readonly WantedWorker[] = [WorkerKind.ANY, WorkerKind.GPU, ...BACKEND_NAMES];

export function runsOnGpu(backend: string): boolean {
  return gpuBackends.includes(backend);
}

/** The wishes that a worker on `backend` meets, the narrowest first. */
export function wishesMetBy(backend: string): WantedWorker[] {
  return [
    ...BACKEND_NAMES.filter((name) => name === backend),
    ...(runsOnGpu(backend) ? [WorkerKind.GPU] : []),
    WorkerKind.ANY,
  ];
}

/** Printable: "a free worker", "a GPU worker", "a worker on webgpu". */
export function describeWish(wanted: string): string {
  if (wanted === WorkerKind.ANY) return 'a free worker';
  return wanted === WorkerKind.GPU ? 'a GPU worker' : `a worker on ${wanted}`;
}

/** @throws InvalidInputError for an unknown backend, or for GPU with a backend that has none. */
export function wantedWorker(kind: WorkerKind | null | undefined, backend: string | null | undefined): WantedWorker {
  if (!backend) return kind ?? WorkerKind.ANY;
  const known = BACKEND_NAMES.find((name) => name === backend);
  if (!known) throw new InvalidInputError('input.backend', `one of ${BACKEND_NAMES.join(', ')}`, backend);
  if (kind === WorkerKind.GPU && !runsOnGpu(known))
    throw new InvalidInputError(
      'input.backend',
      `a backend on a GPU (${gpuBackends.join(', ')}) where worker is GPU`,
      backend,
    );
  return known;
}
