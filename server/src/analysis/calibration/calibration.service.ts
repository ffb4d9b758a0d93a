import type { DataSource } from 'typeorm';
import { ConflictError, InvalidInputError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { calibration as measure } from '../../metrics/calibration.js';
import { fitTemperature, fitVector, rescale, type Scaling } from '../../metrics/scaling.js';
import { type Calibration, ScalingMethod, ScalingTarget } from '../../models/calibration/calibration.entity.js';
import type { CalibrationStore } from '../../models/calibration/calibration-store.js';
import { Checkpoint, CheckpointKind } from '../../models/checkpoint.entity.js';
import { readSplit } from '../../runs/recorded/columns.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { RunKind, type TrainingRun } from '../../runs/training-run.entity.js';
import { Split } from '../../split.js';
import { type HumanLabels, readHumanLabels } from '../record/human-labels.js';
import { Reference } from '../reports/run-reports.js';
import { requireRun } from '../samples/sample-analyses.js';
import type { CalibrationEffect, CalibrationResult, CalibrationScores } from './calibrated-scores.js';

/** With fewer samples a fit says nothing. */
const fewestSamples = 10;

interface Known {
  outputs: SplitOutputs;
  human: HumanLabels;
}

/** Fits calibrations on the validation split of runs, and says what they do on the test split. */
export class CalibrationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CalibrationStore,
  ) {}

  /** @throws NotFoundError; ConflictError without a checkpoint; InvalidInputError without samples to fit on. */
  async fit(
    id: string,
    method: ScalingMethod,
    target: ScalingTarget,
    kind: CheckpointKind | null,
  ): Promise<Calibration> {
    const run = await this.run(id);
    const checkpoint = await this.checkpoint(run, kind);
    const known = await this.read(run, Split.VALIDATION, checkpoint.epoch);
    const classes = run.dataset.classes.length;
    const pairs = known ? pairsOf(known, target, classes) : { samples: 0, distributions: [], truths: [] };
    if (pairs.samples < fewestSamples)
      throw new InvalidInputError(
        'target',
        `at least ${fewestSamples} samples of the validation split with ${target === ScalingTarget.VOTES ? 'votes' : 'labels'} after epoch ${checkpoint.epoch}`,
        pairs.samples,
      );
    const fitted = { [ScalingMethod.TEMPERATURE]: fitTemperature, [ScalingMethod.VECTOR]: fitVector }[method];
    const scaling = fitted(pairs.distributions, pairs.truths, classes);
    const { modelRow, sha256, epoch } = checkpoint;
    return this.store.save({ modelRow, sha256, epoch, method, target, samples: pairs.samples, ...scaling });
  }

  /** Of the checkpoints that the run has now, newest first. */
  async ofRun(run: TrainingRun): Promise<CalibrationResult[]> {
    if (run.kind !== RunKind.TRAINING) return [];
    const whole = await this.run(run.id);
    const results: CalibrationResult[] = [];
    for (const calibration of await this.store.ofModel(run.modelRow)) {
      const known = await this.read(whole, Split.TEST, calibration.epoch);
      results.push({ calibration, effects: known ? effectsOf(known, whole.dataset.classes.length, calibration) : [] });
    }
    return results;
  }

  private async run(id: string): Promise<TrainingRun> {
    const row = rowOf('run', id, 'run');
    const run = await requireRun(this.dataSource.manager, row);
    if (run.kind !== RunKind.TRAINING)
      throw new ConflictError(`Run ${id} was not trained here and has no checkpoint to calibrate.`, { kind: run.kind });
    return run;
  }

  private async checkpoint(run: TrainingRun, kind: CheckpointKind | null): Promise<Checkpoint> {
    const all = await this.dataSource.getRepository(Checkpoint).findBy({ modelRow: run.modelRow });
    const wanted = kind === null ? [CheckpointKind.BEST, CheckpointKind.LAST] : [kind];
    const found = wanted.flatMap((each) => all.filter((one) => one.kind === each))[0];
    if (!found) throw new ConflictError(`Run ${run.id} has no ${kind ?? ''} checkpoint yet.`, { state: run.state });
    return found;
  }

  private async read(run: TrainingRun, split: Split, epoch: number): Promise<Known | null> {
    const { manager } = this.dataSource;
    const layout = { runRow: run.row, classes: run.dataset.classes.length, recorded: false };
    const outputs = await readSplit(manager, layout, split, epoch);
    if (!outputs || outputs.sampleRows.length === 0) return null;
    return { outputs, human: await readHumanLabels(manager, run, outputs.sampleRows) };
  }
}

interface Pairs {
  samples: number;
  distributions: ArrayLike<number>;
  truths: ArrayLike<number>;
}

function truthOf({ outputs, human }: Known, reference: Reference, classes: number): (n: number) => number[] | null {
  const oneHot = (label: number): number[] | null =>
    label < 0 ? null : Array.from({ length: classes }, (_, k) => Number(k === label));
  switch (reference) {
    case Reference.GIVEN:
      return (n) => oneHot(outputs.labels[n]);
    case Reference.CLEAN:
      return (n) => oneHot(human.clean[n]);
    case Reference.VOTES:
      return (n) => human.votes[n] ?? null;
  }
}

/** Samples of which the target is known. */
function pairsOf(known: Known, target: ScalingTarget, classes: number): Pairs {
  const truth = truthOf(known, target === ScalingTarget.VOTES ? Reference.VOTES : Reference.GIVEN, classes);
  const chosen = Array.from(known.outputs.labels.keys()).filter((n) => truth(n) !== null);
  const { targetDistributions } = known.outputs;
  return {
    samples: chosen.length,
    distributions: Float64Array.from(
      chosen.flatMap((n) => [...targetDistributions.subarray(n * classes, (n + 1) * classes)]),
    ),
    truths: Float64Array.from(chosen.flatMap((n) => truth(n)!)),
  };
}

function effectsOf(known: Known, classes: number, scaling: Scaling): CalibrationEffect[] {
  const before = known.outputs.targetDistributions;
  const after = new Float64Array(before.length);
  for (let start = 0; start < before.length; start += classes)
    after.set(rescale(before.subarray(start, start + classes), scaling), start);
  return Object.values(Reference).flatMap((reference) => {
    const truth = truthOf(known, reference, classes);
    const [one, other] = [scoresOf(before, classes, truth), scoresOf(after, classes, truth)];
    return one && other ? [{ reference, samples: one.samples, before: one, after: other }] : [];
  });
}

function scoresOf(
  distributions: ArrayLike<number>,
  classes: number,
  truth: (n: number) => number[] | null,
): (CalibrationScores & { samples: number }) | null {
  const found = measure(distributions, classes, truth);
  if (!found) return null;
  const right = found.bins.reduce((sum, { samples, accuracy }) => sum + samples * (accuracy ?? 0), 0);
  return { ...found, accuracy: right / found.samples };
}
