import { Field, ObjectType } from 'type-graphql';
import { GivenDistribution } from '../fusions/given-distribution.js';
import { Preset } from './protocol.js';
import { Recipe } from './recipe.js';
import { addSettingFields } from './setting-fields.js';
import { SettingFields } from './training-settings.js';

/**
 * Everything that decides a run's numbers, as it was used: kept with the run, never changed afterwards. One field a row
 * of `trainingSettings`.
 */
@ObjectType({ description: 'Everything that decides the numbers of a run. Symbols as in the Ada-DF paper.' })
export class TrainingConfiguration extends SettingFields {
  @Field(() => Preset, { nullable: true, description: 'What set the switches of the protocol, where it was given.' })
  preset!: Preset | null;

  @Field(() => Recipe, { nullable: true, description: "The paper's protocol that it began with, where one was given." })
  /** Absent in runs from before there were recipes. */
  recipe?: Recipe | null;

  @Field(() => [GivenDistribution], {
    nullable: true,
    description: 'Classes whose class distribution is given instead of mined. Null: every one is mined.',
  })
  /** Absent where every row is mined. */
  replacedDistributions?: GivenDistribution[] | null;
}
addSettingFields(TrainingConfiguration, (setting) => ({
  nullable: setting.off !== undefined,
  description: setting.off === undefined ? setting.sentence : `${setting.sentence} Null: ${setting.off}.`,
}));
