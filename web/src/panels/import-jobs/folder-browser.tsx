'use client';
import { useQuery } from '@apollo/client/react';
import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ImportFolderDocument, type ImportChoicesQuery } from '../../graphql/generated/graphql';
import styles from './import-jobs.module.css';
import { errorWords } from '../../theme/error-words';

interface BrowserProps {
  roots: ImportChoicesQuery['importRoots'];
  value: string;
  onChange: (directory: string) => void;
}

/** The folders that the server may read, one level at a time; a path can be typed too. */
export function FolderBrowser({ roots, value, onChange }: BrowserProps): ReactNode {
  const { data, previousData, error } = useQuery(ImportFolderDocument, {
    variables: { directory: value },
    skip: value === '',
  });
  const here = value === '' ? null : (data ?? previousData)?.importFolder;
  const choices = here
    ? here.folders.map((name) => ({ name, path: `${here.path.replace(/\/$/, '')}/${name}` }))
    : roots.flatMap((root) => [
        { name: root.path, path: root.path },
        ...root.folders.map((name) => ({ name: `${root.path}/${name}`, path: `${root.path}/${name}` })),
      ]);
  const above = here && !roots.some((root) => root.path === here.path) ? here.path.replace(/\/[^/]+$/, '') : null;
  return (
    <>
      <TextInput
        label="Folder"
        description={`in or below ${roots.map((root) => root.path).join(' or ')}`}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="off"
        error={value !== '' && error ? errorWords(error) : undefined}
        data-testid="folder"
      />
      <div className={styles.folders} role="group" aria-label="Folders">
        {above !== null && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(above)}>
            ↑ up
          </Button>
        )}
        {choices.map(({ name, path }) => (
          <Button key={path} size="compact-sm" variant="default" onClick={() => onChange(path)}>
            {name}
          </Button>
        ))}
        {here && here.folders.length === 0 && <span className="plot-weak">No folder is in it.</span>}
      </div>
    </>
  );
}
