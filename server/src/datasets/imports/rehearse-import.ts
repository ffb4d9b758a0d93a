import { inspectingKeeper } from '../images/image-storage.js';
import type { ImportSource } from '../importers/importer.js';
import type { ImportReport } from './import-report.js';
import { ImportReportBuilder } from './import-report-builder.js';
import { NothingImportedError } from './nothing-imported.js';
import { type ReadOptions, samplesOf } from './read-samples.js';

/**
 * Reads all that an import would read, pictures too, and writes nothing: needs no database. The report lacks what only a database finds, equal pictures and
 * subjects in several splits. @throws NothingImportedError where every row is left out.
 */
export async function rehearseImport(source: ImportSource, options: ReadOptions = {}): Promise<ImportReport> {
  const keeper = inspectingKeeper(source.description);
  const builder = new ImportReportBuilder(source.description, keeper.storage, keeper.place.root);
  for await (const line of samplesOf(source, keeper, builder, options)) void line;
  const report = builder.report({ notes: source.notes?.() });
  if (report.imported === 0) throw new NothingImportedError(report);
  return report;
}
