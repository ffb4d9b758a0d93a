import { NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ImportChoicesQuery } from '../../graphql/generated/graphql';
import styles from './import-jobs.module.css';

type Importer = ImportChoicesQuery['importers'][number];
type Option = Importer['options'][number];

const general = ['classes', 'path-column', 'label-column'];

/** Options that may be given before the format is known. */
export function generalOptions(importers: readonly Importer[]): readonly Option[] {
  return (
    importers.find(({ format }) => format === 'manifest')?.options.filter(({ name }) => general.includes(name)) ?? []
  );
}

/** `path-column` as words. */
function words(name: string): string {
  const text = name.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Fields for the options of an importer. */
export function ImportOptions({
  options,
  values,
  onChange,
}: {
  options: readonly Option[];
  values: Record<string, string>;
  onChange: (name: string, value: string) => void;
}): ReactNode {
  return (
    <div className={styles.options}>
      {options.map(({ name, description, choices, default: standard }) => {
        const shared = { label: words(name), description, value: values[name] ?? '' };
        if (choices)
          return (
            <NativeSelect
              key={name}
              {...shared}
              data={[{ value: '', label: standard ? `default: ${standard}` : 'default' }, ...choices]}
              onChange={(event) => onChange(name, event.currentTarget.value)}
            />
          );
        return (
          <TextInput
            key={name}
            {...shared}
            placeholder={standard ?? ''}
            onChange={(event) => onChange(name, event.currentTarget.value)}
          />
        );
      })}
    </div>
  );
}
