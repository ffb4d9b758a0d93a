import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import { splits, type Split } from '../../split.js';

/** Length of what binary COPY sends first: signature, flags, length of an extension that is never there. */
const headerBytes = 19;
const trailer = -1;
/** A row's number of fields, two integers with their lengths, and the length of the bytes. */
const rowHeadBytes = 2 + 2 * (4 + 4) + 4;

export interface StreamedChunk {
  chunk: number;
  epoch: number;
  data: Buffer;
}

export interface ChunkQuestion {
  runRow: number;
  /** An epoch, or the first and last of several, which follow each other. */
  epoch: number | readonly [number, number];
  split: Split;
  /** Whole epochs, one after the other, instead of whole chunks. */
  byEpoch?: boolean;
  /** Numbers of the first and last chunk; all by default. */
  first?: number;
  last?: number;
}

/**
 * The chunks of a split, in order of chunk and, where there are several, of epoch, one at a time: COPY in binary form,
 * which sends bytes as they are (a query would send them as
 * hexadecimal text, twice the size) and waits for a slow reader. Ends its connection's COPY when the reader stops
 * early.
 */
export async function* streamChunks(manager: EntityManager, question: ChunkQuestion): AsyncGenerator<StreamedChunk> {
  // In a transaction its own connection: waiting for another while holding one could wait for ever.
  if (manager.queryRunner) return yield* copiedOut((await manager.queryRunner.connect()) as PoolClient, question);
  const runner = manager.connection.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  try {
    yield* copiedOut(client, question);
  } finally {
    await runner.release();
  }
}

async function* copiedOut(client: PoolClient, question: ChunkQuestion): AsyncGenerator<StreamedChunk> {
  const stream = client.query(copyTo(chunksSql(question)));
  let whole = false;
  try {
    yield* fieldsOf(stream);
    whole = true;
  } finally {
    // A connection in the middle of a COPY is of no use to anybody else.
    if (!whole) {
      stream.destroy();
      await (client as unknown as { end(): Promise<void> }).end().catch(() => undefined);
    }
  }
}

/** COPY takes no parameters. */
function chunksSql({ runRow, epoch, split, first = 0, last = 2147483647, byEpoch = false }: ChunkQuestion): string {
  const [from, to] = typeof epoch === 'number' ? [epoch, epoch] : epoch;
  if (![runRow, from, to, first, last].every(Number.isInteger) || !splits.includes(split))
    throw new TypeError(`No such columns: ${JSON.stringify({ runRow, epoch, split, first, last })}`);
  return `COPY (SELECT chunk, epoch, data FROM epoch_column_chunk WHERE run_row = ${runRow} AND split = '${split}' AND epoch BETWEEN ${from} AND ${to} AND chunk BETWEEN ${first} AND ${last} ORDER BY ${byEpoch ? 'epoch, chunk' : 'chunk, epoch'}) TO STDOUT (FORMAT binary)`;
}

/** Rows of two integers and the bytes. */
async function* fieldsOf(stream: AsyncIterable<Buffer>): AsyncGenerator<StreamedChunk> {
  let held: Buffer = Buffer.alloc(0);
  let skip = headerBytes;
  for await (const part of stream) {
    held = held.length === 0 ? part : Buffer.concat([held, part]);
    let offset = 0;
    if (skip > 0) {
      if (held.length < skip) continue;
      offset = skip;
      skip = 0;
    }
    while (held.length >= offset + 2 && held.readInt16BE(offset) !== trailer) {
      const start = offset + rowHeadBytes;
      if (held.length < start) break;
      const end = start + held.readInt32BE(start - 4);
      if (held.length < end) break;
      yield {
        chunk: held.readInt32BE(offset + 6),
        epoch: held.readInt32BE(offset + 14),
        data: held.subarray(start, end),
      };
      offset = end;
    }
    held = held.subarray(offset);
  }
}
