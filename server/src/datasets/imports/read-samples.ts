import { orderedMap } from '../../ordered-map.js';
import type { ImageKeeper, KeptImage } from '../images/image-storage.js';
import type { ImportDescription, ImportItem, ImportRecord, ImportSource } from '../importers/importer.js';
import { copyLine } from './copy-samples.js';
import { unreadableReason } from './import-report.js';
import type { ImportReportBuilder } from './import-report-builder.js';
import { SeenKeys } from './seen-keys.js';

export interface ImportProgress {
  imported: number;
  skipped: number;
  /** Items of the source, where it knew beforehand. */
  expected: number | null;
}

/** Who follows the reading of a source, and may stop it. */
export interface ReadOptions {
  onProgress?: (progress: ImportProgress) => void;
  signal?: AbortSignal;
}

/** Images read at a time: libvips works on its own threads, and a network disk answers slowly. */
const imagesReadAtOnce = 16;

const itemsBetweenProgress = 64;

/** COPY lines of the samples, in order; what cannot be used goes to the report. */
export async function* samplesOf(
  source: ImportSource,
  keeper: ImageKeeper,
  builder: ImportReportBuilder,
  { onProgress, signal }: ReadOptions,
): AsyncGenerator<string> {
  const { description } = source;
  const tell = (): void =>
    onProgress?.({ imported: builder.imported, skipped: builder.skipped, expected: description.expectedItems });
  for await (const { item, image } of orderedMap(newOnly(source), imagesReadAtOnce, (item) => kept(item, keeper))) {
    signal?.throwIfAborted();
    if ('skipped' in item) builder.skip(item.skipped);
    else if (image instanceof Error)
      builder.skip({
        ...item.origin,
        key: item.record.key,
        reason: unreadableReason,
        detail: withHint(reasonOf(image), item.record),
      });
    else {
      const line = copyLine({ ...item.record, ...image!, index: builder.imported });
      builder.take(item.record, line, image!);
      yield line;
    }
    if ((builder.imported + builder.skipped) % itemsBetweenProgress === 0) tell();
  }
  tell();
}

/** Of records with the same key the first; each is checked. */
async function* newOnly(source: ImportSource): AsyncGenerator<ImportItem> {
  const seen = new SeenKeys();
  for await (const item of source.items()) {
    if ('skipped' in item) {
      yield item;
      continue;
    }
    const { record, origin } = item;
    checkRecord(record, source.description);
    const earlier = seen.meet(record.key, origin.line);
    if (earlier === null) yield item;
    else
      yield {
        skipped: {
          ...origin,
          key: record.key,
          reason: 'the key stands before',
          ...(earlier > 0 && { detail: `on line ${earlier}` }),
        },
      };
  }
}

async function kept(
  item: ImportItem,
  keeper: ImageKeeper,
): Promise<{ item: ImportItem; image: KeptImage | Error | null }> {
  if ('skipped' in item) return { item, image: null };
  const image = await keeper.keep(item.record).catch((error: unknown) => {
    // A full disk is no fault of the image.
    if (diskFaults.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return error instanceof Error ? error : new Error(String(error));
  });
  return { item, image };
}

const diskFaults: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE']);

/** The decoder's first line, without the path of any file. */
function reasonOf(error: Error): string {
  return (error.message.split('\n')[0] ?? '').replace(/^Input (file|buffer) /, 'it ').slice(0, 200);
}

function withHint(reason: string, { imageHint }: ImportRecord): string {
  return imageHint === undefined ? reason : `${reason}; ${imageHint}`;
}

/** An importer's promise to `ImportRecord`: vectors over all classes and labels among them. */
function checkRecord(record: ImportRecord, { classes }: ImportDescription): void {
  const label = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < classes.length;
  const vector = (values: readonly number[] | undefined): boolean =>
    values === undefined || values.length === classes.length;
  if (
    label(record.givenLabelIndex) &&
    label(record.cleanLabelIndex ?? 0) &&
    vector(record.votes) &&
    vector(record.trueDistribution) &&
    (record.ratings ?? []).every((rating) => label(rating.label))
  )
    return;
  throw new TypeError(`Record ${record.key} does not fit its ${classes.length} classes: ${JSON.stringify(record)}`);
}
