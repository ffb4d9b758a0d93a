'use client';
import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Preset, SettingGroup } from '../../graphql/generated/graphql';
import { enumName } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { rangeOf, startValue, textOf, type FormState, type Problems, type Setting } from './settings-form';
import styles from './start-training.module.css';

const groups: readonly { group: SettingGroup; title: string }[] = [
  { group: 'OPTIMISATION', title: 'Optimisation' },
  { group: 'NETWORK', title: 'Network' },
  { group: 'IMAGES', title: 'Images' },
  { group: 'DISTRIBUTIONS', title: 'Distributions' },
  { group: 'ATTENTION', title: 'Attention' },
  { group: 'PROTOCOL', title: 'Protocol' },
];
const presets: readonly Preset[] = ['PAPER', 'OFFICIAL_CODE', 'CORRECTED'];

export interface SettingGroupsProps {
  settings: readonly Setting[];
  form: FormState;
  change: (part: Partial<FormState>) => void;
  problems: Problems;
}

/** Every setting with its value, unit, range and meaning, as the server's table has them. */
export function SettingGroups({ settings, form, change, problems }: SettingGroupsProps): ReactNode {
  return (
    <div className={styles.groups}>
      {groups.map(({ group, title }) => {
        const own = settings.filter(
          (setting) => setting.group === group && setting.name !== 'preset' && matters(setting, settings, form),
        );
        const changed = own.filter((setting) => form.typed[setting.name] !== undefined).length;
        return (
          <Panel key={group} title={title} note={changed > 0 ? `${changed} changed` : undefined}>
            {group === 'PROTOCOL' && <PresetField settings={settings} form={form} change={change} />}
            <div className={styles.fields}>
              {own.map((setting) => (
                <SettingField
                  key={setting.name}
                  setting={setting}
                  form={form}
                  change={change}
                  problem={problems[setting.name]}
                />
              ))}
            </div>
          </Panel>
        );
      })}
    </div>
  );
}

/** Settings of an augmentation are shown while it is chosen, or while one of them is not as usual. */
function matters(setting: Setting, settings: readonly Setting[], form: FormState): boolean {
  if (!/^(randAugment|erasing)/.test(setting.name) || form.typed[setting.name] !== undefined) return true;
  const augmentation = settings.find(({ name }) => name === 'augmentation');
  return !augmentation || (form.typed['augmentation'] ?? startValue(augmentation, form).value) === 'RAND_AUGMENT';
}

function PresetField({ settings, form, change }: Omit<SettingGroupsProps, 'problems'>): ReactNode {
  const set = settings.filter((setting) => setting.presets.length > 0);
  return (
    <NativeSelect
      label="All of them as"
      description={`Sets ${set.map(({ label }) => label.toLowerCase()).join(', ')}; each can be changed after.`}
      value={form.preset ?? ''}
      data={[
        { value: '', label: form.recipe ? 'the recipe has them' : 'by default' },
        ...presets.map((value) => ({ value, label: enumName(value) })),
      ]}
      onChange={(event) => {
        const typed = Object.fromEntries(
          Object.entries(form.typed).filter(([name]) => !set.some((setting) => setting.name === name)),
        );
        change({ preset: (event.currentTarget.value || null) as Preset | null, typed });
      }}
      mb="sm"
    />
  );
}

function wordOf(setting: Setting, value: ReturnType<typeof startValue>['value']): string {
  if (setting.kind === 'FLAG') return value ? 'yes' : 'no';
  return setting.kind === 'CHOICE' && value ? enumName(textOf(value)) : textOf(value) || (setting.off ?? '');
}

interface SettingFieldProps {
  setting: Setting;
  form: FormState;
  change: (part: Partial<FormState>) => void;
  problem: string | undefined;
}

function SettingField({ setting, form, change, problem }: SettingFieldProps): ReactNode {
  const { value, from } = startValue(setting, form);
  const typed = form.typed[setting.name];
  const set = (text: string): void => {
    const { [setting.name]: _, ...others } = form.typed;
    change({ typed: text === textOf(value) ? others : { ...others, [setting.name]: text } });
  };
  const unset =
    typed === undefined
      ? from === 'default'
        ? ''
        : `As the ${from} says. `
      : `The ${from} says ${wordOf(setting, value)}. `;
  const shared = {
    id: `setting-${setting.name}`,
    label: setting.symbol ? `${setting.label} ${setting.symbol}` : setting.label,
    description: `${unset}${setting.sentence}${rangeOf(setting) && ` (${rangeOf(setting)})`}`,
    value: typed ?? textOf(value),
    error: problem,
    'data-changed': typed !== undefined || undefined,
    classNames: { label: typed === undefined ? undefined : styles.changed },
  };
  if (setting.kind === 'FLAG')
    return (
      <NativeSelect
        {...shared}
        data={[
          { value: 'true', label: 'yes' },
          { value: 'false', label: 'no' },
        ]}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  if (setting.kind === 'CHOICE')
    return (
      <NativeSelect
        {...shared}
        title={setting.choices?.find((choice) => choice.value === shared.value)?.sentence ?? undefined}
        data={[
          ...(setting.off === null ? [] : [{ value: '', label: setting.off }]),
          ...(setting.choices ?? []).map((choice) => ({ value: choice.value, label: enumName(choice.value) })),
        ]}
        onChange={(event) => set(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...shared}
      placeholder={setting.off ?? undefined}
      inputMode={setting.kind === 'WHOLE_NUMBER' ? 'numeric' : 'decimal'}
      autoComplete="off"
      rightSection={
        setting.unit && setting.unit.length <= 3 ? <span className={styles.unit}>{setting.unit}</span> : null
      }
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}
