import { createReadStream } from 'node:fs';
import { linesOf } from './lines-of.js';
import { utf8Stream } from './text-encoding.js';

export interface TextLine {
  text: string;
  /** From 1. */
  line: number;
}

/**
 * Lines of a text file in any encoding that `encodingOf` knows, with or without carriage returns; empty ones are left
 * out.
 */
export async function* textLines(file: string): AsyncGenerator<TextLine> {
  const stream = await utf8Stream(file);
  stream.setEncoding('utf8');
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined);
  let line = 0;
  try {
    for await (const text of linesOf(stream as AsyncIterable<string>)) {
      line++;
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
    // The second half of a line end in UTF-16 is no line.
    last = chunk[chunk.length - 1] === 0 ? last : (chunk[chunk.length - 1] ?? last);
  }
  return count + (last === 10 ? 0 : 1);
}

/** Bytes of the beginning in which a header is looked for. */
const headBytes = 1 << 18;

/** The beginning of a text file. */
export async function textHead(file: string): Promise<string> {
  const stream = await utf8Stream(file, { end: headBytes - 1 });
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk;
  return text;
}

/** The first line that is not empty, at most `longest` characters of it; null in an empty file. */
export async function firstLine(file: string, longest = 4096): Promise<string | null> {
  const found = (await textHead(file)).split(/\r\n|\n|\r/).find((one) => one.trim() !== '');
  return found === undefined ? null : found.slice(0, longest);
}
