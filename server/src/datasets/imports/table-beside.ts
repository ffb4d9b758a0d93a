import { InvalidInputError } from '../../errors.js';
import { manifest } from '../importers/manifest.js';
import type { ImportSource } from '../importers/importer.js';
import type { SourceDirectory } from '../sources/source-directory.js';

/** Formats whose labels are the names of folders. */
const byFolder: ReadonlySet<string> = new Set(['folder', 'fer2013-folders', 'sfew', 'ck-plus']);
const shownDifferences = 3;

/** A source that reads labels from folders, compared with a table that lies beside them and was not asked for; others as they are. */
export async function withTableBeside(source: ImportSource, directory: SourceDirectory): Promise<ImportSource> {
  if (!byFolder.has(source.description.format)) return source;
  const labels = await labelsOfTable(directory);
  if (labels === null) return source;
  const { classes } = source.description;
  let compared = 0;
  const differing: string[] = [];
  return {
    ...source,
    async *items() {
      compared = differing.length = 0;
      for await (const item of source.items()) {
        const said = 'record' in item ? labels.byPath.get(item.record.imagePath) : undefined;
        if (said !== undefined && 'record' in item) {
          compared++;
          if (said !== classes[item.record.givenLabelIndex])
            differing.push(`${item.record.imagePath} (${said} in the table)`);
        }
        yield item;
      }
    },
    notes: () => [...(source.notes?.() ?? []), ...(compared > 0 ? [noteOf(labels.table, compared, differing)] : [])],
  };
}

function noteOf(table: string, compared: number, differing: readonly string[]): string {
  const found =
    differing.length === 0
      ? 'they agree'
      : `${differing.length} of ${compared} differ, such as ${differing.slice(0, shownDifferences).join(', ')}`;
  return `${table} beside the folders names a label for ${compared} of the pictures: ${found}. The folders were taken; the format manifest takes the table.`;
}

/** Path of a picture -> its class. Null where there is no table that can be read. */
async function labelsOfTable(
  directory: SourceDirectory,
): Promise<{ table: string; byPath: ReadonlyMap<string, string> } | null> {
  try {
    if (!(await manifest.layout(directory)).every(({ found }) => found !== null)) return null;
    const { description, items } = await manifest.open(directory, {});
    const byPath = new Map<string, string>();
    for await (const item of items())
      if ('record' in item) byPath.set(item.record.imagePath, description.classes[item.record.givenLabelIndex]);
    return { table: description.choices['table'], byPath };
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}
