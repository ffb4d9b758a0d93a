import { RecordingError } from '../recording-error.js';
import type { RecordedTable } from '../recorded-table.js';
import { TableBuilder } from '../table-builder.js';

/** A line is a sample: far more than one of 4,096 features needs. */
const longestLine = 4 * 1024 * 1024;

/** One JSON object a line, as they come: `{"key": "a.png", "logits": [...]}`. @throws RecordingError */
export async function readJsonLines(body: AsyncIterable<Uint8Array>): Promise<RecordedTable> {
  const builder = new TableBuilder();
  let line = 0;
  for await (const text of linesOf(body)) {
    line++;
    if (text.trim() === '') continue;
    builder.add(objectOf(text, line));
  }
  return builder.table();
}

function objectOf(text: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    // Python writes NaN and Infinity, which JSON has not: they are refused by name, not as broken JSON.
    value = JSON.parse(text.replace(/(?:NaN|-?Infinity)(?<=[[,:]\s*(?:NaN|-?Infinity))(?=\s*[\],}])/g, '"$&"'));
  } catch {
    throw new RecordingError(
      line,
      undefined,
      'a JSON object on each line',
      `${JSON.stringify(text.slice(0, 60))}: the file may have broken off`,
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new RecordingError(line, undefined, 'a JSON object on each line', JSON.stringify(text.slice(0, 60)));
  return value as Readonly<Record<string, unknown>>;
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = '';
  for await (const part of body) {
    held += decoder.decode(part, { stream: true });
    const lines = held.split('\n');
    held = lines.pop()!;
    yield* lines;
    if (held.length > longestLine)
      throw new RecordingError(null, undefined, `lines of at most ${longestLine} characters`, 'a longer one');
  }
  held += decoder.decode();
  if (held !== '') yield held;
}
