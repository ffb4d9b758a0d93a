import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { DataSource } from 'typeorm';
import { readTrainingRequest, type TrainingRequest } from '../training-request.js';
import { estimateRate, evaluationSpeed, type MeasuredRate, readMeasuredRates } from './measured-rates.js';
import { Augmentation, TestTimeCrops } from './choices.js';
import { samplesOfAnEpoch } from './sampling.js';
import { TrainingConfiguration } from './training-configuration.js';
import type { StartTrainingInput } from './training-input.js';

@ObjectType({ description: 'A field of an input that is wrong.' })
export class InputProblem {
  @Field(() => String, { description: 'The field, e.g. `input.epochs`.' })
  path!: string;

  @Field(() => String, { description: 'What was expected and found.' })
  message!: string;
}

@ObjectType({ description: 'How long a training would take, from rates that workers of this platform had.' })
export class TrainingEstimate {
  @Field(() => Float, { description: 'Training images a second.' })
  imagesPerSecond!: number;

  @Field(() => Float, { description: 'Seconds from the first step to the last epoch recorded, on one worker.' })
  seconds!: number;

  @Field(() => Boolean, {
    description:
      'True: the same network at the same size was trained here. False: scaled from another by width, size and depth; a factor of two either way is common.',
  })
  measured!: boolean;

  @Field(() => String, { description: 'What was measured, e.g. "RESNET18 of width 16 at 48 px on native-cpu".' })
  basis!: string;
}

@ObjectType({ description: 'What a training would do, before it starts.' })
export class TrainingPlan {
  @Field(() => TrainingConfiguration, { description: 'Every setting with the value that would be used.' })
  configuration!: TrainingConfiguration;

  @Field(() => [InputProblem], { description: 'Everything that is wrong; empty: it can be started.' })
  problems!: InputProblem[];

  @Field(() => [String], { description: 'What is allowed and seldom meant.' })
  warnings!: string[];

  @Field(() => Int, { description: 'Labelled samples of the training split.' })
  trainingSamples!: number;

  @Field(() => Int, { description: 'Samples that an epoch visits.' })
  samplesPerEpoch!: number;

  @Field(() => Int, { description: 'Steps of an epoch; the last short batch is dropped.' })
  stepsPerEpoch!: number;

  @Field(() => TrainingEstimate, { nullable: true, description: 'Null while no epoch has been trained here.' })
  estimate!: TrainingEstimate | null;
}

/** Says what a training would do. */
export class TrainingPlanner {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws NotFoundError where something that the input names does not exist. */
  async plan(input: StartTrainingInput): Promise<TrainingPlan> {
    const request = await readTrainingRequest(this.dataSource, input);
    const { configuration, classCounts, problems } = request;
    const samplesPerEpoch = samplesOfAnEpoch(classCounts, configuration.sampling);
    const rates = problems.length === 0 ? await readMeasuredRates(this.dataSource) : [];
    return {
      configuration,
      problems: problems.map(({ message, details }) => ({ path: String(details['path']), message })),
      warnings: warningsOf(request),
      trainingSamples: classCounts.reduce((sum, count) => sum + count, 0),
      samplesPerEpoch,
      stepsPerEpoch: Math.floor(samplesPerEpoch / configuration.batchSize),
      estimate: estimateOf(request, samplesPerEpoch, rates),
    };
  }
}

function estimateOf(
  { configuration, labelSet }: TrainingRequest,
  samplesPerEpoch: number,
  rates: readonly MeasuredRate[],
): TrainingEstimate | null {
  const views = configuration.testTimeCrops === TestTimeCrops.TEN_CROP ? 10 : 1;
  const evaluated = labelSet.balance.reduce(
    (sum, { split, classCounts }) =>
      sum + classCounts.reduce((all, count) => all + count, 0) * (split === 'TRAIN' ? 1 : views),
    0,
  );
  return estimateTraining(configuration, { samplesPerEpoch, evaluated }, rates);
}

/**
 * How long all epochs take by rates that were measured; null without any. `evaluated` counts views of samples that the
 * network is asked about after an epoch.
 */
export function estimateTraining(
  configuration: TrainingConfiguration,
  { samplesPerEpoch, evaluated }: { samplesPerEpoch: number; evaluated: number },
  rates: readonly MeasuredRate[],
): TrainingEstimate | null {
  const rate = estimateRate(configuration, rates);
  if (!rate) return null;
  const { imagesPerSecond } = rate;
  const epoch = samplesPerEpoch / imagesPerSecond + evaluated / (imagesPerSecond * evaluationSpeed);
  return { ...rate, seconds: configuration.epochs * epoch };
}

export function warningsOf({ configuration, initial, classCounts, dataset }: TrainingRequest): string[] {
  const { frozenStem, augmentation, sampling } = configuration;
  const empty = dataset.classes.filter((_, place) => classCounts[place] === 0);
  const smallest = Math.min(...classCounts.filter((count) => count > 0));
  const warnings: [boolean, string][] = [
    [
      frozenStem && !initial,
      'The stem is frozen, and its weights are drawn at random: it never learns. Give start weights (initialWeights), or set frozenStem to false.',
    ],
    [
      empty.length > 0,
      `No training sample is labelled ${empty.join(', ')}: ${empty.length === 1 ? 'its class distribution stays' : 'their class distributions stay'} the fallback.`,
    ],
    [
      sampling === 'CLASS_BALANCED' && Number.isFinite(smallest),
      `Every epoch visits ${smallest} samples of each class, as many as the smallest class has.`,
    ],
    [
      augmentation === Augmentation.RAND_AUGMENT && configuration.imageSize < 64,
      'RandAugment was made for larger images; at this size FLIP often does better.',
    ],
  ];
  return warnings.flatMap(([applies, sentence]) => (applies ? [sentence] : []));
}
