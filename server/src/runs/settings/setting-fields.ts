import { Field, Float, Int } from 'type-graphql';
import { type Setting, SettingKind, printValue } from './setting.js';
import { settingRows } from './training-settings.js';

/**
 * Gives a class one GraphQL field a row of `trainingSettings`, as its decorators would.
 * @param options nullability and description of a row's field.
 */
export function addSettingFields(
  type: abstract new () => object,
  options: (setting: Setting) => { nullable: boolean; description: string },
): void {
  for (const [name, setting] of settingRows) Field(() => graphqlType(setting), options(setting))(type.prototype, name);
}

/** The sentence of an input, with its default. */
export function describeInput(setting: Setting): string {
  const range = 'from' in setting ? ` ${setting.from} to ${setting.to}.` : '';
  return `${setting.sentence}${range} Default ${printValue(setting, setting.default)}.`;
}

function graphqlType(setting: Setting): object {
  switch (setting.kind) {
    case SettingKind.WHOLE_NUMBER:
      return Int;
    case SettingKind.NUMBER:
      return Float;
    case SettingKind.FLAG:
      return Boolean;
    case SettingKind.CHOICE:
      return setting.values;
  }
}
