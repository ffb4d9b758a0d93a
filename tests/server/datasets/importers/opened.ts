import type {
  ImportItem,
  Importer,
  ImportRecord,
  ImportSource,
} from '../../../../server/src/datasets/importers/importer.js';
import { openImport } from '../../../../server/src/datasets/imports/open-import.js';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import type { SkippedRow } from '../../../../server/src/datasets/imports/import-report.js';
import { collected } from '../image-tree.js';

export interface OpenedSource {
  source: ImportSource;
  items: ImportItem[];
  records: ImportRecord[];
  skipped: SkippedRow[];
}

/** Everything an importer reads in a directory. */
export async function opened(
  importer: Importer,
  directory: string,
  options: Record<string, string> = {},
): Promise<OpenedSource> {
  const source = await openImport(importer, await SourceDirectory.open(directory, { filesAnywhere: true }), options);
  const items = await collected(source.items());
  return {
    source,
    items,
    records: items.flatMap((item) => ('record' in item ? [item.record] : [])),
    skipped: items.flatMap((item) => ('skipped' in item ? [item.skipped] : [])),
  };
}

/** `file:line reason` of each skipped row. */
export function reasons({ skipped }: OpenedSource): string[] {
  return skipped.map(
    ({ file, line, reason, detail }) =>
      `${file}${line === null ? '' : `:${line}`} ${reason}${detail ? ` (${detail})` : ''}`,
  );
}

/** Whether the importer takes a directory for one of its own. */
export async function fits(importer: Importer, directory: string): Promise<boolean> {
  return (await importer.layout(await SourceDirectory.open(directory))).every(({ found }) => found !== null);
}

/** Records counted by split and class: `{ TRAIN: { anger: 3 } }`. */
export function counted({ source, records }: OpenedSource): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { split, givenLabelIndex } of records) {
    const name = source.description.classes[givenLabelIndex]!;
    const ofSplit = (counts[split] ??= {});
    ofSplit[name] = (ofSplit[name] ?? 0) + 1;
  }
  return counts;
}
