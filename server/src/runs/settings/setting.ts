import { registerEnumType } from 'type-graphql';
import type { Preset } from './protocol.js';
import type { Recipe } from './recipe.js';

/** Where a setting stands in forms and tables. */
export enum SettingGroup {
  NETWORK = 'NETWORK',
  OPTIMISATION = 'OPTIMISATION',
  IMAGES = 'IMAGES',
  DISTRIBUTIONS = 'DISTRIBUTIONS',
  ATTENTION = 'ATTENTION',
  PROTOCOL = 'PROTOCOL',
}
registerEnumType(SettingGroup, { name: 'SettingGroup', description: 'What a setting of a training is about.' });

/** How a value of a setting is written. */
export enum SettingKind {
  WHOLE_NUMBER = 'WHOLE_NUMBER',
  NUMBER = 'NUMBER',
  CHOICE = 'CHOICE',
  FLAG = 'FLAG',
}
registerEnumType(SettingKind, {
  name: 'SettingKind',
  description: 'How a value is written: a number, one of `choices`, or true and false.',
});

/** What every kind of setting has. `T` is the type of its value. */
interface About<T> {
  group: SettingGroup;
  /** Two to four words, for a form. */
  label: string;
  /** In the paper's notation. */
  symbol?: string;
  unit?: string;
  /** What it does, in a sentence. */
  sentence: string;
  default: T;
  /** What null means, where it is a value: in a form "off", "none". */
  off?: string;
  /** Every preset sets it, or none does. */
  presets?: Readonly<Record<Preset, T>>;
  recipes?: Readonly<Partial<Record<Recipe, T>>>;
  /** Whether it is a field of `AdaDfConfig` under the same name. */
  algorithm?: boolean;
}

export interface NumberSetting<T extends number | null> extends About<T> {
  kind: SettingKind.WHOLE_NUMBER | SettingKind.NUMBER;
  /** Inclusive. */
  from: number;
  /** Inclusive. */
  to: number;
  multipleOf?: number;
}

export interface ChoiceSetting<T extends string> extends About<T> {
  kind: SettingKind.CHOICE;
  /** A registered GraphQL enum. */
  values: Readonly<Record<string, T>>;
}

export interface FlagSetting extends About<boolean> {
  kind: SettingKind.FLAG;
}

export type Setting = NumberSetting<number> | NumberSetting<number | null> | ChoiceSetting<string> | FlagSetting;

export type ValueOf<S> = S extends { default: infer T } ? T : never;

type Rest<S> = Omit<S, 'kind'>;

export const whole = <T extends number | null = number>(setting: Rest<NumberSetting<T>>): NumberSetting<T> => ({
  kind: SettingKind.WHOLE_NUMBER,
  ...setting,
});

export const number = <T extends number | null = number>(setting: Rest<NumberSetting<T>>): NumberSetting<T> => ({
  kind: SettingKind.NUMBER,
  ...setting,
});

export const choice = <T extends string>(setting: Rest<ChoiceSetting<T>>): ChoiceSetting<T> => ({
  kind: SettingKind.CHOICE,
  ...setting,
});

export const flag = (setting: Rest<FlagSetting>): FlagSetting => ({ kind: SettingKind.FLAG, ...setting });

/** What a value must be, for a message: "a multiple of 8 from 8 to 256". */
function describeRange({ kind, from, to, multipleOf }: NumberSetting<number | null>): string {
  const what = multipleOf
    ? `a multiple of ${multipleOf}`
    : kind === SettingKind.WHOLE_NUMBER
      ? 'a whole number'
      : 'a number';
  return `${what} from ${from} to ${to}`;
}

/** The problem with a value, or null. Null itself is right only where the setting has an `off`. */
export function problemWith(setting: Setting, value: unknown): string | null {
  if (value === null && setting.off !== undefined) return null;
  if (setting.kind === SettingKind.FLAG) return typeof value === 'boolean' ? null : 'true or false';
  if (setting.kind === SettingKind.CHOICE) {
    const values = Object.values(setting.values);
    return values.includes(value as string) ? null : `one of ${values.join(', ')}`;
  }
  const fits =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    value >= setting.from &&
    value <= setting.to &&
    (setting.kind === SettingKind.NUMBER || Number.isInteger(value)) &&
    (!setting.multipleOf || value % setting.multipleOf === 0);
  return fits ? null : describeRange(setting);
}

/** A value as people read it: "0.001", "off", "RAND_AUGMENT", "yes". */
export function printValue(setting: Setting, value: unknown): string {
  if (value === null) return setting.off ?? 'none';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}
