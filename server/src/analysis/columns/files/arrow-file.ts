import { open } from 'node:fs/promises';
import { AsyncByteQueue, RecordBatchFileWriter } from 'apache-arrow';
import { ArrowEncoder } from '../arrow.js';
import type { OpenColumnFile } from './column-file.js';

/**
 * The Arrow IPC file format (Feather 2), which tools that open files expect; over HTTP the same batches go as a stream.
 */
export const arrowFile: OpenColumnFile = async (path, shape, facts) => {
  const file = await open(path, 'wx');
  const encoder = new ArrowEncoder(shape, facts);
  const bytes = new AsyncByteQueue();
  const writer = new RecordBatchFileWriter().reset(bytes, encoder.schema);
  // The writer fills a queue; a pump empties it into the file, and what a batch filled is written before the next one.
  let pending = Promise.resolve();
  const pump = (async () => {
    for await (const part of bytes) {
      pending = pending.then(() => file.writeFile(part));
      await pending;
    }
  })();
  return {
    write: async (batch) => {
      writer.write(encoder.batch(batch));
      await new Promise(setImmediate);
      await pending;
    },
    end: async () => {
      writer.finish();
      bytes.close();
      await pump;
      await file.sync();
      await file.close();
    },
    abandon: async () => {
      bytes.close();
      await pump.catch(() => undefined);
      await file.close().catch(() => undefined);
    },
  };
};
