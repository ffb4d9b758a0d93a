import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { KeptImage } from '../images/image-storage.js';
import type { ImportRecord } from '../importers/importer.js';

/** A record with its place and its image: all of a row of table `sample` but the data set. */
export interface CopiedSample extends ImportRecord, KeptImage {
  index: number;
}

const copySql =
  'COPY sample (dataset_row, index, key, split, given_label, clean_label, raw_label, votes, outside_votes, true_distribution, subject, image_path, width, height, content_hash, action_units, pixel_hash) FROM STDIN';

/** Lines sent to the server at a time. */
const linesOfAChunk = 500;

/** Streams `lines` (see `copyLine`) of one data set into table `sample`, inside the client's transaction. */
export async function copySamples(client: ClientBase, datasetRow: number, lines: AsyncIterable<string>): Promise<void> {
  await pipeline(Readable.from(chunked(datasetRow, lines), { objectMode: false }), client.query(copyFrom(copySql)));
}

async function* chunked(datasetRow: number, lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  let held = 0;
  for await (const line of lines) {
    chunk += `${datasetRow}\t${line}\n`;
    if (++held < linesOfAChunk) continue;
    yield chunk;
    chunk = '';
    held = 0;
  }
  if (held > 0) yield chunk;
}

/** One row in PostgreSQL's COPY text format, without the data set's number. */
export function copyLine(sample: CopiedSample): string {
  return [
    sample.index,
    escaped(sample.key),
    sample.split,
    sample.givenLabelIndex,
    sample.cleanLabelIndex ?? '\\N',
    escaped(sample.rawLabel),
    sample.votes ? `{${sample.votes.join(',')}}` : '\\N',
    escaped(sample.outsideVotes ? JSON.stringify(sample.outsideVotes) : null),
    sample.trueDistribution ? `{${Array.from(sample.trueDistribution, Math.fround).join(',')}}` : '\\N',
    escaped(sample.subject),
    escaped(sample.imagePath),
    sample.width,
    sample.height,
    sample.contentHash,
    escaped(sample.actionUnits ? JSON.stringify(sample.actionUnits) : null),
    sample.pixelHash,
  ].join('\t');
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escaped(text: string | null | undefined): string {
  // PostgreSQL has no U+0000 in text; a source that has one gets the sign for what cannot be shown.
  return text === null || text === undefined
    ? '\\N'
    : text.replaceAll('\0', '\ufffd').replace(/[\\\t\n\r]/g, (character) => escapes[character]);
}
