export interface Progress {
  phase: string;
  epoch: number;
  step: number;
  steps: number;
  loss: number | null;
  crossEntropy: number | null;
  kullbackLeibler: number | null;
  rankRegularization: number | null;
}

/** Losses of some steps, a place in each list a step, as the server keeps them. */
export interface KeptSteps {
  at: readonly number[];
  total: readonly number[];
  crossEntropy: readonly number[];
  kullbackLeibler: readonly number[];
  rankRegularization: readonly number[];
}

/** What is kept of the recorded epochs, then what was heard since. */
export function joinSteps(kept: KeptSteps | null, heard: readonly Step[]): readonly Step[] {
  if (kept === null) return heard;
  const steps = kept.at.map((at, place) => ({
    cursor: '',
    at,
    loss: kept.total[place],
    crossEntropy: kept.crossEntropy[place],
    kullbackLeibler: kept.kullbackLeibler[place],
    rankRegularization: kept.rankRegularization[place],
  }));
  const last = kept.at.at(-1) ?? 0;
  return [...steps, ...heard.filter(({ at }) => at > last)];
}

/** What a training batch reported. */
export interface Step {
  cursor: string;
  /** Steps since the run began, a step of the second epoch counted after all of the first. */
  at: number;
  loss: number | null;
  crossEntropy: number | null;
  kullbackLeibler: number | null;
  rankRegularization: number | null;
}

/** Most steps that are held: more than a picture has pixels. */
const mostSteps = 4000;

/** The steps with one more; what was heard before, after a connection was lost, changes nothing. */
export function withStep(steps: readonly Step[], cursor: string, progress: Progress | null): readonly Step[] {
  if (progress === null || progress.phase !== 'TRAINING' || progress.loss === null) return steps;
  const last = steps.at(-1);
  if (last && Number(cursor) <= Number(last.cursor)) return steps;
  const { epoch, step, steps: ofEpoch, loss, crossEntropy, kullbackLeibler, rankRegularization } = progress;
  const next = { cursor, at: (epoch - 1) * ofEpoch + step, loss, crossEntropy, kullbackLeibler, rankRegularization };
  // A run that was taken over goes back to its last checkpoint: what it did after is done anew.
  const kept = last && next.at <= last.at ? steps.filter(({ at }) => at < next.at) : steps;
  return [...kept, next].slice(-mostSteps);
}
