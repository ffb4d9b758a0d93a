import type { ReactNode } from 'react';
import type { ModelRow } from './model-row';

/** What of a file was taken, under which names, and what was left out. */
export function SourceContents({
  contents,
}: {
  contents: NonNullable<NonNullable<ModelRow['source']>['contents']>;
}): ReactNode {
  const { part, moduleClass, mapping, leftOut, objects, otherParts } = contents;
  const rows = [
    moduleClass && `a whole module of class ${moduleClass}`,
    mapping.length > 0 && `names: ${mapping.map(({ file, here }) => `${file || '…'} → ${here || '…'}`).join(', ')}`,
    leftOut.length > 0 && `left out: ${leftOut.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')}`,
    objects.length > 0 && `objects, not made: ${objects.join(', ')}`,
    otherParts.length > 0 && `other networks in the file: ${otherParts.join(', ')}`,
  ].filter((row) => row !== false && row !== null && row !== '');
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{part === 'all' ? 'what was taken' : `taken from ${part}`}</summary>
      {rows.map((row) => (
        <div key={row as string}>{row}</div>
      ))}
    </details>
  );
}
