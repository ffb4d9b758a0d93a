import { describe, expect, test } from 'vitest';
import { printPlan, trainingOptions } from '../../../../server/src/commands/training-options.js';
import { adaDfConfig } from '../../../../server/src/runs/settings/ada-df-config.js';
import {
  chooseSettings,
  configureTraining,
  defaultConfiguration,
  problemsOf,
} from '../../../../server/src/runs/settings/configure-training.js';
import { estimateRate } from '../../../../server/src/runs/settings/measured-rates.js';
import { Preset } from '../../../../server/src/runs/settings/protocol.js';
import { Recipe } from '../../../../server/src/runs/settings/recipe.js';
import { problemWith } from '../../../../server/src/runs/settings/setting.js';
import { settingRows } from '../../../../server/src/runs/settings/training-settings.js';

const classCounts = [400, 200, 100, 100, 100, 50, 50];

describe('the table of settings', () => {
  test.each(settingRows)('%s: its default, presets and recipes are values it accepts', (_, setting) => {
    const values = [setting.default, ...Object.values(setting.presets ?? {}), ...Object.values(setting.recipes ?? {})];
    for (const value of values) expect(problemWith(setting, value)).toBeNull();
  });

  test('is what the command line offers', () => {
    const flags = trainingOptions().map((option) => option.attributeName());
    expect(flags).toEqual(expect.arrayContaining(settingRows.map(([name]) => name)));
  });

  test('a preset sets all of its switches, and PAPER is the default', () => {
    const { preset: _, ...paper } = chooseSettings({ preset: Preset.PAPER });
    const { preset: __, ...standard } = defaultConfiguration;
    expect(paper).toEqual(standard);
    expect(chooseSettings({ preset: Preset.OFFICIAL_CODE })).toMatchObject({
      selection: 'TEST',
      fallback: 'REFERENCE',
    });
  });

  test('the algorithm gets its part in its own words', () => {
    expect(adaDfConfig(chooseSettings({ preset: Preset.OFFICIAL_CODE, width: 16 }), 7)).toMatchObject({
      classes: 7,
      backbone: 'resnet18',
      width: 16,
      fallback: 'reference',
      sharpeningAxis: 'columns',
      fusedGradient: 'flows',
      adamBeta1: 0.9,
    });
  });
});

describe('a recipe', () => {
  test.each([
    [Recipe.RAF_DB, { batchSize: 64, threshold: 0.7, beta: 3, sampling: 'SHUFFLE', testTimeCrops: 'NONE' }],
    [Recipe.AFFECTNET, { batchSize: 64, threshold: 0.5, beta: 5, sampling: 'CLASS_BALANCED', testTimeCrops: 'NONE' }],
    [Recipe.SFEW, { batchSize: 16, threshold: 0.5, beta: 5, sampling: 'SHUFFLE', testTimeCrops: 'TEN_CROP' }],
  ])('%s sets what the paper says', (recipe, own) => {
    const all = { epochs: 75, imageSize: 224, augmentation: 'RAND_AUGMENT', width: 64, frozenStem: true };
    expect(chooseSettings({ recipe })).toMatchObject({ ...all, ...own, recipe, preset: 'PAPER', learningRate: 0.001 });
  });

  test('gives way to a preset and to every setting that is given', () => {
    const input = { recipe: Recipe.RAF_DB, preset: Preset.OFFICIAL_CODE, epochs: 3, fallback: null };
    expect(chooseSettings(input)).toMatchObject({ epochs: 3, batchSize: 64, selection: 'TEST', fallback: 'REFERENCE' });
  });
});

describe('what is wrong', () => {
  test('is said all at once', () => {
    const wrong = { epochs: 0, width: 12, minimumFusionWeight: 0.9, maximumFusionWeight: 0.5, batchSize: 1001 };
    expect(problemsOf(chooseSettings(wrong), classCounts).map(({ details }) => details['path'])).toEqual([
      'input.width',
      'input.epochs',
      'input.batchSize',
      'input.minimumFusionWeight',
    ]);
    expect(() => configureTraining(wrong, classCounts)).toThrow(
      /^4 things are wrong\. input\.width: expected a multiple/,
    );
  });
});

describe('the time of a training', () => {
  const measured = { backbone: 'RESNET18', width: 16, imageSize: 48, frozenStem: true, backend: 'wasm' } as never;
  const rates = [{ ...(measured as object), imagesPerSecond: 800 } as never];

  test('is the rate of the same network where it was trained', () => {
    expect(estimateRate(chooseSettings({ width: 16 }), rates)).toMatchObject({ imagesPerSecond: 800, measured: true });
  });

  test('is scaled by width and size from another, and unknown without any', () => {
    expect(estimateRate(chooseSettings({ width: 32, imageSize: 96 }), rates)).toMatchObject({
      imagesPerSecond: 50,
      measured: false,
      basis: 'RESNET18 of width 16 at 48 px on wasm',
    });
    expect(estimateRate(chooseSettings({}), [])).toBeNull();
  });

  test('stands in what the command line prints', () => {
    const configuration = chooseSettings({ recipe: Recipe.SFEW, epochs: 2 });
    const estimate = { imagesPerSecond: 50, seconds: 400, measured: false, basis: 'RESNET18 of width 16' };
    const plan = { configuration, problems: [], warnings: ['Mind this.'], trainingSamples: 100, estimate };
    const text = printPlan({ ...plan, samplesPerEpoch: 100, stepsPerEpoch: 6 });
    expect(text).toContain('recipe SFEW, PAPER, defaults, and:');
    expect(text).toContain('Test-time crops: TEN_CROP');
    expect(text).toContain('Warning: Mind this.');
    expect(text).toContain('About 7 min at 50 images/s (scaled from RESNET18 of width 16).');
  });
});

test('choices and "none" are taken however they are written', () => {
  const parse = (name: string, text: string): unknown =>
    trainingOptions().find((option) => option.attributeName() === name)!.parseArg!(text, undefined);
  expect(parse('recipe', 'raf-db')).toBe('RAF_DB');
  expect(parse('augmentation', 'rand-augment')).toBe('RAND_AUGMENT');
  expect(parse('augmentation', 'RAND_AUGMENT')).toBe('RAND_AUGMENT');
  expect(parse('initialWeights', 'none')).toBe('NONE');
  expect(parse('initialWeights', 'model_1')).toBe('model_1');
  expect(() => parse('augmentation', 'blur')).toThrow('expected one of none, flip, rand-augment, found "blur"');
});
