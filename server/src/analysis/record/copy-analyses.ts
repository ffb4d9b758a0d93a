import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import type { SplitAnalysis } from './analyse-split.js';
import { columnOf, measures as rows, storedMeasures } from './measure.js';

/** The row of what the numbers belong to, and the table's own first column. */
export interface AnalysesTarget {
  table: 'sample_analysis' | 'past_sample_analysis';
  runRow: number;
  epoch: number;
  /** Of the epoch; `past_sample_analysis` alone has it. */
  epochRow: number;
  /** Default: every sample. */
  wanted?: (sampleRow: number) => boolean;
}

type Kind = 'int2' | 'int4' | 'float4' | 'float8';
interface CopiedColumn {
  name: string;
  kind: Kind;
  /** NaN: null. */
  value: (n: number) => number;
}

const widths: Record<Kind, number> = { int2: 2, int4: 4, float4: 4, float8: 8 };
const rowsOfABuffer = 4096;
/** https://www.postgresql.org/docs/18/sql-copy.html: signature, flags, length of the extension. */
const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);

/**
 * Writes the numbers of a split by COPY in binary form, in the transaction of `manager`: 300,000 rows take seconds, not
 * minutes.
 */
export async function copyAnalyses(
  manager: EntityManager,
  target: AnalysesTarget,
  outputs: SplitOutputs,
  analysis: SplitAnalysis,
): Promise<void> {
  const client = (await manager.queryRunner!.connect()) as PoolClient;
  const columns = columnsOf(target, outputs, analysis);
  const sql = `COPY ${target.table} (split, ${columns.map(({ name }) => name).join(', ')}) FROM STDIN (FORMAT binary)`;
  await pipeline(
    Readable.from(encoded(columns, outputs.split, wantedRows(target, outputs)), { objectMode: false }),
    client.query(copyFrom(sql)),
  );
}

function columnsOf(
  target: AnalysesTarget,
  { sampleRows, positions }: SplitOutputs,
  { labels, confidentLabel, measures }: SplitAnalysis,
): CopiedColumn[] {
  const int4 = (name: string, value: (n: number) => number): CopiedColumn => ({ name, kind: 'int4', value });
  const label = (name: string, values: Int16Array): CopiedColumn => ({
    name,
    kind: 'int2',
    value: (n) => (values[n] < 0 ? Number.NaN : values[n]),
  });
  return [
    ...(target.table === 'past_sample_analysis' ? [int4('epoch_row', () => target.epochRow)] : []),
    int4('run_row', () => target.runRow),
    int4('sample_row', (n) => sampleRows[n]),
    int4('epoch', () => target.epoch),
    int4('position', (n) => positions?.[n] ?? n),
    label('given_label', labels.GIVEN),
    label('clean_label', labels.CLEAN),
    label('votes_label', labels.VOTES),
    label('auxiliary_label', labels.AUXILIARY),
    label('fused_label', labels.FUSED),
    label('target_label', labels.TARGET),
    label('confident_label', confidentLabel),
    ...storedMeasures.map((measure): CopiedColumn => {
      const name = columnOf(measure);
      const kind = name === 'forgetting_events' ? 'int2' : rows[measure].precision === 'double' ? 'float8' : 'float4';
      return { name, kind, value: (n) => measures[measure][n] };
    }),
  ];
}

function wantedRows({ wanted }: AnalysesTarget, { sampleRows }: SplitOutputs): Int32Array {
  const all = Int32Array.from(sampleRows, (_, n) => n);
  return wanted ? all.filter((n) => wanted(sampleRows[n])) : all;
}

function* encoded(columns: readonly CopiedColumn[], split: string, rows: Int32Array): Generator<Buffer> {
  yield header;
  const splitBytes = Buffer.from(split, 'utf8');
  const largestRow = 2 + 4 + splitBytes.length + columns.reduce((sum, { kind }) => sum + 4 + widths[kind], 0);
  for (let first = 0; first < rows.length; first += rowsOfABuffer) {
    const last = Math.min(first + rowsOfABuffer, rows.length);
    const buffer = Buffer.allocUnsafe(largestRow * (last - first));
    let offset = 0;
    for (let n = first; n < last; n++) {
      offset = buffer.writeInt16BE(columns.length + 1, offset);
      offset = buffer.writeInt32BE(splitBytes.length, offset);
      offset += splitBytes.copy(buffer, offset);
      for (const { kind, value } of columns) offset = writeField(buffer, offset, kind, value(rows[n]));
    }
    yield buffer.subarray(0, offset);
  }
  yield trailer;
}

function writeField(buffer: Buffer, offset: number, kind: Kind, value: number): number {
  if (Number.isNaN(value)) return buffer.writeInt32BE(-1, offset);
  const start = buffer.writeInt32BE(widths[kind], offset);
  switch (kind) {
    case 'int2':
      return buffer.writeInt16BE(value, start);
    case 'int4':
      return buffer.writeInt32BE(value, start);
    case 'float4':
      return buffer.writeFloatBE(value, start);
    case 'float8':
      return buffer.writeDoubleBE(value, start);
  }
}
