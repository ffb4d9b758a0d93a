import { inputError, InvalidInputError } from '../../errors.js';
import { type FusedSplit, fuseSplit } from '../../metrics/fuse-split.js';
import { fusionRange, fusionScores } from '../../runs/recorded/epoch-row.js';
import { mineAgain } from '../../runs/fusions/mine-again.js';
import { readGivenDistributions } from '../../runs/fusions/given-distribution.js';
import type { FusionSettings } from '../../runs/fusions/saved-fusion.entity.js';
import { defaultConfiguration } from '../../runs/settings/configure-training.js';
import { problemWith } from '../../runs/settings/setting.js';
import { trainingSettings } from '../../runs/settings/training-settings.js';
import { configurationOf, type TrainingRun } from '../../runs/training-run.entity.js';
import type { FusionInputs } from './fusion-inputs.js';
import type { WhatIfInput } from './what-if-types.js';

/** What a split is fused to with other settings. */
export interface FusedOtherwise {
  settings: FusionSettings;
  /** L, `[C * C]`. */
  classDistributions: Float32Array;
  /** `[C]`; null where nothing was mined again. */
  fallbackRows: boolean[] | null;
  fused: FusedSplit;
}

/**
 * Those of the run with the changes of an input; a recorded run's own bounds where it said them, and the defaults for
 * what it did not say. @throws InvalidInputError with the path of every field that is wrong.
 */
export function chooseFusion(run: TrainingRun, input: WhatIfInput): FusionSettings {
  const base = { ...defaultConfiguration, ...recordedBounds(run), ...configurationOf(run) };
  const { fixedFusionWeight, replacedDistributions, sharpening, ...rest } = input;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined));
  const fixed = fixedFusionWeight ?? null;
  const { classes } = run.dataset;
  const wanted = replacedDistributions ?? base.replacedDistributions ?? [];
  const { rows, problems } = readGivenDistributions(wanted, classes, 'input.replacedDistributions');
  const settings: FusionSettings = {
    threshold: base.threshold,
    fallback: base.fallback,
    sharpening: sharpening === 1 ? null : (sharpening ?? base.sharpening),
    sharpeningAxis: base.sharpeningAxis,
    minimumFusionWeight: base.minimumFusionWeight,
    maximumFusionWeight: base.maximumFusionWeight,
    fusionSource: base.fusionSource,
    ...given,
    ...(fixed !== null && { minimumFusionWeight: fixed, maximumFusionWeight: fixed }),
    replacedDistributions: rows,
  };
  problems.push(...problemsOf(settings, classes.length));
  if (problems.length > 0) throw inputError(problems);
  return settings;
}

function recordedBounds(run: TrainingRun): Partial<FusionSettings> {
  const bounds = run.recording?.fusion;
  return bounds ? { minimumFusionWeight: bounds.minimum, maximumFusionWeight: bounds.maximum } : {};
}

const checkedSettings = [
  'threshold',
  'fallback',
  'sharpening',
  'minimumFusionWeight',
  'maximumFusionWeight',
  'fusionSource',
] as const;

function problemsOf(settings: FusionSettings, classes: number): InvalidInputError[] {
  const single = checkedSettings.flatMap((name) => {
    const expected = problemWith(trainingSettings[name], settings[name]);
    return expected === null ? [] : [new InvalidInputError(`input.${name}`, expected, settings[name])];
  });
  if (single.length > 0) return single;
  const { minimumFusionWeight, maximumFusionWeight, threshold } = settings;
  return [
    ...(minimumFusionWeight <= maximumFusionWeight
      ? []
      : [
          new InvalidInputError(
            'input.minimumFusionWeight',
            `at most maximumFusionWeight (${maximumFusionWeight})`,
            minimumFusionWeight,
          ),
        ]),
    ...(threshold >= 1 / classes
      ? []
      : [new InvalidInputError('input.threshold', `at least 1/C = ${(1 / classes).toFixed(4)}`, threshold)]),
  ];
}

/** @throws InvalidInputError where class distributions have to be mined and the run recorded none of TRAIN. */
export function fuseOtherwise(inputs: FusionInputs, settings: FusionSettings): FusedOtherwise {
  const { outputs, toFuse } = inputs;
  const { minimumFusionWeight: minimum, maximumFusionWeight: maximum, fusionSource: source } = settings;
  const { rows, fallbackRows } = classDistributionsFor(inputs, settings);
  const sameSource = (toFuse.bounds.source ?? 'ATTENTION') === source;
  // A weight that is the same for all needs no attention, which a recorded run may not have said.
  const constant = minimum === maximum;
  const fused = fuseSplit({
    ...toFuse,
    classDistributions: rows,
    scores: constant
      ? new Float64Array(toFuse.scores.length)
      : sameSource
        ? toFuse.scores
        : fusionScores(outputs, source),
    range: constant ? [0, 0] : sameSource ? toFuse.range : fusionRange(outputs, source),
    bounds: { minimum, maximum, source },
  });
  return { settings, classDistributions: rows, fallbackRows, fused };
}

function classDistributionsFor(
  { run, toFuse, mining }: FusionInputs,
  settings: FusionSettings,
): { rows: Float32Array; fallbackRows: boolean[] | null } {
  const own = configurationOf(run);
  const minedAlike =
    own === null
      ? isLeftAlone(settings)
      : (['threshold', 'fallback', 'sharpening', 'sharpeningAxis'] as const).every(
          (name) => own[name] === settings[name],
        ) &&
        (own.replacedDistributions ?? []).every(({ index }) =>
          settings.replacedDistributions.some((row) => row.index === index),
        );
  const classes = run.dataset.classes.length;
  if (minedAlike && !Number.isNaN(toFuse.classDistributions[0])) {
    const rows = Float32Array.from(toFuse.classDistributions);
    for (const { index, distribution } of settings.replacedDistributions) rows.set(distribution, index * classes);
    return { rows, fallbackRows: null };
  }
  if (!mining || Number.isNaN(mining.labelDistributions[0]))
    throw new InvalidInputError(
      'input',
      'settings that leave class distributions as they are: the run recorded no label distributions of TRAIN to mine them from',
      'threshold, fallback or sharpening',
    );
  const mined = mineAgain(mining, classes, settings);
  return { rows: mined.rows, fallbackRows: mined.fallbackRows };
}

/** Whether nothing of what a recorded run did not say was asked to be otherwise. */
function isLeftAlone({ threshold, fallback, sharpening }: FusionSettings): boolean {
  return (
    threshold === defaultConfiguration.threshold &&
    fallback === defaultConfiguration.fallback &&
    sharpening === defaultConfiguration.sharpening
  );
}
