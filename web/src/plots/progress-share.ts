/**
 * Where each phase of an epoch begins and how much of the epoch it takes, roughly; a bar that goes back is worse than
 * one that is a little off.
 */
const phases: Readonly<Record<string, readonly [number, number]>> = {
  LOADING: [0, 0],
  TRAINING: [0, 0.8],
  EVALUATING: [0.8, 0.17],
  RECORDING: [0.97, 0.03],
};

export interface RunProgress {
  phase: string;
  epoch: number;
  step: number;
  steps: number;
}

/** Share of all epochs that is done, 0 to 1. `recorded` is what counts before and after training. */
export function progressShare(progress: RunProgress | null, recorded: number, epochs: number): number {
  if (!progress) return Math.min(1, recorded / epochs);
  const [start, length] = phases[progress.phase] ?? [0, 1];
  const within = progress.steps > 0 ? Math.min(1, progress.step / progress.steps) : 0;
  return Math.min(1, Math.max(0, progress.epoch - 1 + start + length * within) / epochs);
}
