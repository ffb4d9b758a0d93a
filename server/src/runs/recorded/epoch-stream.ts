import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { streamChunks } from './column-stream.js';
import { joinedFloats } from './columns.js';
import type { SplitOutputs } from './epoch-result.js';
import { decodeRecords, type RecordLayout } from './record-layout.js';

/** `run_split` of a run. */
interface SeenSplit {
  split: Split;
  sample_rows: readonly number[];
  labels: readonly number[];
}

/**
 * Every epoch of a split, oldest first, one at a time: one COPY for all of them. What is wanted of an epoch is read from
 * it before the next one is asked for: their numbers come into the same memory.
 */
export async function* streamEpochs(
  manager: EntityManager,
  run: RecordLayout & { runRow: number },
  { split, sample_rows: sampleRows, labels }: SeenSplit,
): AsyncGenerator<{ epoch: number; outputs: SplitOutputs }> {
  let held: Buffer[] = [];
  let current = 0;
  let memory: Float32Array<ArrayBuffer> | undefined;
  const decoded = (): { epoch: number; outputs: SplitOutputs } => {
    const records = joinedFloats(held, memory);
    memory = memory && memory.length > records.length ? memory : records;
    return { epoch: current, outputs: decodeRecords({ split, sampleRows, labels }, records, run) };
  };
  const everything = { runRow: run.runRow, split, epoch: [1, 2147483647] as const, byEpoch: true };
  for await (const { epoch, data } of streamChunks(manager, everything)) {
    if (epoch !== current && held.length > 0) {
      yield decoded();
      held = [];
    }
    current = epoch;
    // A view of the stream's buffer, which is not used again.
    held.push(data);
  }
  if (held.length > 0) yield decoded();
}
