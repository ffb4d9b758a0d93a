import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach } from 'vitest';
import { manifest } from '../../../../server/src/datasets/importers/manifest.js';
import { type ImageTree, imageTree } from '../image-tree.js';
import { fits, type OpenedSource, opened } from './opened.js';

let tree: ImageTree | undefined;
afterEach(async () => tree?.remove());

/** Files with these texts or bytes, and empty pictures. */
export async function read(
  files: Record<string, string | Buffer>,
  pictures: readonly string[] = [],
  options: Record<string, string> = {},
): Promise<OpenedSource> {
  await tree?.remove();
  tree = await imageTree(Object.fromEntries([...Object.keys(files), ...pictures].map((name) => [name, ''])));
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(tree.root, name), content);
  return opened(manifest, tree.root, options);
}

/** Path and class of each record. */
export const labelled = ({ records, source }: OpenedSource): string[] =>
  records.map(({ imagePath, givenLabelIndex }) => `${imagePath} ${source.description.classes[givenLabelIndex]}`);
export const notes = ({ source }: OpenedSource): string => (source.notes?.() ?? []).join('\n');

/** Whether what was read last is taken for a manifest where no format is said. */
export const isTaken = (): Promise<boolean> => fits(manifest, tree!.root);
