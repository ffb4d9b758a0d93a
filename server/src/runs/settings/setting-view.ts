import { GraphQLScalarType } from 'graphql';
import { Field, Float, ObjectType } from 'type-graphql';
import { Preset } from './protocol.js';
import { Recipe } from './recipe.js';
import { SettingGroup, SettingKind } from './setting.js';

type Value = number | string | boolean | null;

const SettingValueScalar = new GraphQLScalarType<Value, Value>({
  name: 'SettingValue',
  description: 'A value of a setting as JSON: a number, true or false, the name of a choice, or null where it is off.',
  serialize: (value) => value as Value,
  parseValue: (value) => value as Value,
});

@ObjectType({ description: 'A value that a setting may have.' })
export class SettingChoice {
  @Field(() => String, { description: 'Its name in the API.' })
  value!: string;

  @Field(() => String, { nullable: true, description: 'What it means.' })
  sentence!: string | null;
}

@ObjectType({ description: 'What a preset sets a setting to.' })
export class PresetValue {
  @Field(() => Preset, { description: 'The preset.' })
  preset!: Preset;

  @Field(() => SettingValueScalar, { nullable: true, description: 'What it sets.' })
  value!: Value;
}

@ObjectType({ description: 'What a recipe sets a setting to.' })
export class RecipeValue {
  @Field(() => Recipe, { description: 'The recipe.' })
  recipe!: Recipe;

  @Field(() => SettingValueScalar, { nullable: true, description: 'What it sets.' })
  value!: Value;
}

@ObjectType({ description: 'A setting of a training: a field of `StartTrainingInput` and `TrainingConfiguration`.' })
export class TrainingSetting {
  @Field(() => String, { description: 'The name of the field.' })
  name!: string;

  @Field(() => SettingGroup, { description: 'Where it stands in a form.' })
  group!: SettingGroup;

  @Field(() => SettingKind, { description: 'How a value is written.' })
  kind!: SettingKind;

  @Field(() => String, { description: 'Two to four words for a form.' })
  label!: string;

  @Field(() => String, { nullable: true, description: "In the paper's notation, e.g. `t`." })
  symbol!: string | null;

  @Field(() => String, { nullable: true, description: 'Unit of the number, e.g. `px`.' })
  unit!: string | null;

  @Field(() => String, { description: 'What it does.' })
  sentence!: string;

  @Field(() => SettingValueScalar, { nullable: true, description: 'What it is where nothing is given.' })
  default!: Value;

  @Field(() => String, { nullable: true, description: 'What null is called where null is a value, e.g. `off`.' })
  off!: string | null;

  @Field(() => Float, { nullable: true, description: 'The least number, inclusive.' })
  minimum!: number | null;

  @Field(() => Float, { nullable: true, description: 'The greatest number, inclusive.' })
  maximum!: number | null;

  @Field(() => Float, { nullable: true, description: 'The number is a multiple of this.' })
  multipleOf!: number | null;

  @Field(() => [SettingChoice], { nullable: true, description: 'Of kind CHOICE.' })
  choices!: SettingChoice[] | null;

  @Field(() => [PresetValue], { description: 'What each preset sets it to; empty: presets leave it.' })
  presets!: PresetValue[];

  @Field(() => [RecipeValue], { description: 'What recipes set it to; a recipe that is not listed leaves it.' })
  recipes!: RecipeValue[];
}
