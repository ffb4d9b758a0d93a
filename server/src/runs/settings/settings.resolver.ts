import { type GraphQLEnumType, type GraphQLSchema, getNamedType, isEnumType, isObjectType } from 'graphql';
import { Arg, Info, Query, Resolver } from 'type-graphql';
import type { Preset } from './protocol.js';
import type { Recipe } from './recipe.js';
import { type Setting, SettingKind } from './setting.js';
import { type SettingChoice, TrainingSetting } from './setting-view.js';
import { StartTrainingInput } from './training-input.js';
import { TrainingPlan, type TrainingPlanner } from './training-plan.js';
import { settingRows } from './training-settings.js';

@Resolver()
export class SettingsResolver {
  constructor(private readonly planner: TrainingPlanner) {}

  @Query(() => [TrainingSetting], {
    description: 'Every setting of a training with its range, default, choices and what presets and recipes set.',
  })
  trainingSettings(@Info() { schema }: { schema: GraphQLSchema }): TrainingSetting[] {
    return settingRows.map(([name, setting]) => viewOf(name, setting, schema));
  }

  @Query(() => TrainingPlan, {
    description:
      'What `startTraining` would do with this input: the configuration it would use, everything that is wrong with it, warnings, and how long it would take. Nothing is started.',
  })
  trainingPlan(@Arg('input', () => StartTrainingInput) input: StartTrainingInput): Promise<TrainingPlan> {
    return this.planner.plan(input);
  }
}

function viewOf(name: string, setting: Setting, schema: GraphQLSchema): TrainingSetting {
  const ranged = setting.kind === SettingKind.NUMBER || setting.kind === SettingKind.WHOLE_NUMBER ? setting : null;
  return {
    name,
    group: setting.group,
    kind: setting.kind,
    label: setting.label,
    symbol: setting.symbol ?? null,
    unit: setting.unit ?? null,
    sentence: setting.sentence,
    default: setting.default,
    off: setting.off ?? null,
    minimum: ranged?.from ?? null,
    maximum: ranged?.to ?? null,
    multipleOf: ranged?.multipleOf ?? null,
    choices: setting.kind === SettingKind.CHOICE ? choicesOf(name, schema) : null,
    presets: Object.entries(setting.presets ?? {}).map(([preset, value]) => ({ preset: preset as Preset, value })),
    recipes: Object.entries(setting.recipes ?? {}).map(([recipe, value]) => ({ recipe: recipe as Recipe, value })),
  };
}

/** Names and sentences of an enum stand in the schema. */
function choicesOf(name: string, schema: GraphQLSchema): SettingChoice[] {
  const configuration = schema.getType('TrainingConfiguration');
  const type = isObjectType(configuration) ? getNamedType(configuration.getFields()[name]?.type) : null;
  if (!isEnumType(type)) throw new TypeError(`${name} is no enum of the schema.`);
  return (type as GraphQLEnumType)
    .getValues()
    .map(({ name: value, description }) => ({ value, sentence: description ?? null }));
}
