import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PlatformError } from '../../errors.js';
import { randomFrom, seedOf } from '../../random.js';
import { ReadingProcesses } from '../../untrusted/reading-processes.js';
import { type Corpus, corpora } from './corpora.js';
import { fingerprint, type FuzzKind, type FuzzOutcome, fuzzReading } from './fuzz-readings.js';
import { mutate } from './mutate.js';

export interface FuzzOptions {
  /** Mutated inputs in all, as many of each kind. */
  count: number;
  seed: number;
  /** Compiled `fuzz-reader`. */
  reader: string;
  /** Where the project's files of PyTorch lie. */
  fixtures: string;
  print: (line: string) => void;
  /** Where inputs that failed are kept; null: nowhere. */
  keep?: string | null;
}

interface Tally {
  inputs: number;
  read: number;
  refused: number;
  crashes: number;
  hangs: number;
  overMemory: number;
  escapes: number;
  peak: number;
}

const atOnce = 2;
const kinds: readonly FuzzKind[] = ['weights', 'pictures', 'archives', 'tables', 'queries'];

/**
 * Mutates sound weights, pictures, archives, tables and queries, reads each as the platform would, and counts what must
 * not happen: an error of no kind of ours or a dead process, 10 s, 1 GB, a file outside.
 * @returns whether nothing of that happened.
 */
export async function benchFuzz({ count, seed, reader, fixtures, print, keep = null }: FuzzOptions): Promise<boolean> {
  const root = await mkdtemp(path.join(tmpdir(), 'ada-df-fuzz-'));
  const processes = new ReadingProcesses({ file: reader, most: atOnce, heapMegabytes: 900, log: () => undefined });
  const all = await corpora(fixtures);
  print(`seed ${seed}, ${count} inputs`);
  print('kind      inputs    read  refused  crashes  hangs  over 1 GB  escapes  peak MB');
  let sound = true;
  try {
    for (const kind of kinds) {
      const own = all.filter((corpus) => corpus.kind === kind);
      const tally: Tally = { inputs: 0, read: 0, refused: 0, crashes: 0, hangs: 0, overMemory: 0, escapes: 0, peak: 0 };
      const numbers = Array.from({ length: Math.ceil(count / kinds.length) }, (_, n) => n);
      const one = async (lane: number): Promise<void> => {
        for (let n = numbers.shift(); n !== undefined; n = numbers.shift()) {
          const corpus = own[n % own.length];
          const bytes = mutate(corpus.inputs, randomFrom(seedOf(`${seed}:${kind}:${n}`)));
          const folder = path.join(root, `${kind}-${lane}`, 'own');
          const failure = await take(tally, processes, { corpus, bytes, folder });
          if (failure === null) continue;
          print(`  ${kind} ${n} (${fingerprint(bytes)}): ${failure.slice(0, 600)}`);
          if (keep === null) continue;
          await mkdir(keep, { recursive: true });
          await writeFile(path.join(keep, `${kind}-${n}-${corpus.name}`), bytes);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, (_, lane) => one(lane)));
      sound &&= tally.crashes + tally.hangs + tally.overMemory + tally.escapes === 0;
      print(row(kind, tally));
    }
  } finally {
    await processes.close();
    await rm(root, { recursive: true, force: true });
  }
  return sound;
}

/** Null where nothing went wrong. */
async function take(
  tally: Tally,
  processes: ReadingProcesses,
  { corpus, bytes, folder }: { corpus: Corpus; bytes: Buffer; folder: string },
): Promise<string | null> {
  tally.inputs++;
  const input = { kind: corpus.kind, name: corpus.name, bytes, folder };
  const ended = await processes.ask(fuzzReading, input).catch((error: unknown) => error as Error);
  if (ended instanceof Error) return stopped(tally, ended);
  const { outcome, fault, escaped, peak } = ended satisfies FuzzOutcome;
  tally.peak = Math.max(tally.peak, peak);
  if (outcome === 'read') tally.read++;
  else if (fault === null) tally.refused++;
  else tally.crashes++;
  if (escaped.length > 0) tally.escapes++;
  return fault ?? (escaped.length > 0 ? `escaped: ${escaped.join(', ')}` : null);
}

function stopped(tally: Tally, error: Error): string {
  const why = error instanceof PlatformError ? String(error.details['why']) : '';
  if (/memory/.test(why)) tally.overMemory++;
  else if (/took more than|nothing was heard/.test(why)) tally.hangs++;
  else tally.crashes++;
  return error.message;
}

function row(kind: string, { inputs, read, refused, crashes, hangs, overMemory, escapes, peak }: Tally): string {
  const cells = [inputs, read, refused, crashes, hangs, overMemory, escapes, Math.round(peak / 1e6)];
  const widths = [8, 8, 9, 9, 7, 11, 9, 9];
  return kind.padEnd(8) + cells.map((cell, n) => String(cell).padStart(widths[n])).join('');
}
