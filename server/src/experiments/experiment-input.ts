import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { ExperimentPlan, Factor, Level, Settings } from './experiment-plan.js';
import { ReadyMade, readyMadeFactors } from './ready-made.js';

@InputType({ description: 'A level of a factor.' })
class ExperimentLevelInput implements Level {
  @Field(() => String, { description: 'Unique within its factor.' })
  name!: string;

  @Field(() => GraphQLJSONObject, { description: 'Settings by name, as in `StartTrainingInput`; `{}`: none.' })
  settings!: Settings;
}

@InputType({ description: 'What runs of an experiment differ in. No two factors set the same setting.' })
class ExperimentFactorInput implements Factor {
  @Field(() => String, { description: 'Unique within the experiment.' })
  name!: string;

  @Field(() => [ExperimentLevelInput], { description: 'Two or more; the first is the baseline.' })
  levels!: ExperimentLevelInput[];
}

@InputType({
  description: 'A set of runs: all levels of all factors with each other, on all data, over the same seeds.',
})
export class ExperimentInput {
  @Field(() => String, { description: 'Unique.' })
  name!: string;

  @Field(() => [ID], { description: 'Data sets.' })
  datasets!: string[];

  @Field(() => [ID], { defaultValue: [], description: 'Label sets of the one data set. Default: the given labels.' })
  labelSets!: string[];

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'What all runs have, as in `StartTrainingInput`. Default: nothing.',
  })
  settings?: Settings | null;

  @Field(() => [ExperimentFactorInput], { defaultValue: [], description: 'What they differ in.' })
  factors!: ExperimentFactorInput[];

  @Field(() => [ReadyMade], {
    defaultValue: [],
    description: 'Factors that are made already, after those of `factors`.',
  })
  readyMade!: ReadyMade[];

  @Field(() => [Int], { description: 'At least one; from three on differences are tested.' })
  seeds!: number[];
}

/** With the factors that are made already. */
export function planOf({ readyMade, factors, settings, ...input }: ExperimentInput): ExperimentPlan {
  return {
    ...input,
    settings: settings ?? {},
    factors: [...factors, ...readyMade.map((kind) => readyMadeFactors[kind])],
  };
}
