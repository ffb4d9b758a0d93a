import { createReadStream } from 'node:fs';
import { linesOf } from './lines-of.js';

export interface TextLine {
  text: string;
  /** From 1. */
  line: number;
}

/** Lines of a UTF-8 file, with or without byte order mark and carriage returns; empty ones are left out. */
export async function* textLines(file: string): AsyncGenerator<TextLine> {
  const stream = createReadStream(file, { encoding: 'utf8' });
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined);
  let line = 0;
  try {
    for await (const read of linesOf(stream as AsyncIterable<string>)) {
      line++;
      const text = line === 1 ? read.replace(/^\ufeff/, '') : read;
      if (text.trim() !== '') yield { text, line };
    }
    if (stream.errored) await failed;
  } finally {
    stream.destroy();
  }
}

/** How many lines a file has, counted by its line ends: for progress. */
export async function countLines(file: string): Promise<number> {
  let count = 0;
  let last = 10;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (let place = chunk.indexOf(10); place >= 0; place = chunk.indexOf(10, place + 1)) count++;
    last = chunk[chunk.length - 1] ?? last;
  }
  return count + (last === 10 ? 0 : 1);
}

/** The first line that is not empty, at most `longest` characters of it; null in an empty file. */
export async function firstLine(file: string, longest = 4096): Promise<string | null> {
  const stream = createReadStream(file, { encoding: 'utf8', end: 65_535 });
  let text = '';
  for await (const chunk of stream) text += chunk;
  const found = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .find((one) => one.trim() !== '');
  return found === undefined ? null : found.slice(0, longest);
}
