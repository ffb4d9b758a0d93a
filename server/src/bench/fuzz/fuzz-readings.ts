import type { IncomingMessage } from 'node:http';
import type { Cancellable } from '../../api/deadline.js';
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defaultLimits } from '../../api/limits/limits.js';
import { anybody, remember } from '../../access/principal.js';
import { operationPreparer, type PrepareOperation } from '../../api/limits/prepare-operation.js';
import { createSchema, noSubscriptions } from '../../api/schema.js';
import { pictureOf } from '../../datasets/images/image-picture.js';
import { importers } from '../../datasets/importers/index.js';
import { formatFits } from '../../datasets/imports/detect-format.js';
import { SourceDirectory } from '../../datasets/sources/source-directory.js';
import { ArchiveFolders } from '../../datasets/uploads/unpack-archive.js';
import { PlatformError } from '../../errors.js';
import { readWeights } from '../../models/checkpoints/weights/read-weights.js';
import type { Hands, Reading } from '../../untrusted/reading.js';

/** One input for one reader, to be read in a folder that is the reader's own. */
export interface FuzzInput {
  kind: FuzzKind;
  bytes: Uint8Array;
  /** Of the input; a table is known by its name. */
  name: string;
  folder: string;
}

export interface FuzzOutcome {
  /** `read`, the code of the error, or what no reader should throw. */
  outcome: string;
  /** The stack where it is a fault of ours. */
  fault: string | null;
  /** Files that lie beside the folder where they may not. */
  escaped: string[];
  /** Most memory of the process until now, in bytes. */
  peak: number;
}

export type FuzzKind = 'weights' | 'pictures' | 'archives' | 'tables' | 'queries';

/** Rows that are read of a table: enough to see every column. */
const mostRows = 500;
let preparing: Promise<PrepareOperation> | null = null;

const readers: Readonly<Record<FuzzKind, (input: FuzzInput, file: string, hands: Hands) => Promise<void>>> = {
  weights: async (_, file) => void (await readWeights(file)),
  pictures: async (_, file) => {
    for (const size of [64, null]) await pictureOf(file, size).catch(rethrown('UNREADABLE_IMAGE'));
  },
  archives: async ({ folder }, file, { signal }) => {
    await new ArchiveFolders(path.join(folder, 'in')).unpack(file, 'unpacked', signal, () => undefined);
  },
  tables: async ({ folder }) => {
    const source = await SourceDirectory.open(folder);
    const fits = (await formatFits(source, importers)).filter(({ parts }) => parts.some(({ found }) => found !== null));
    for (const { format } of fits.slice(0, 2)) {
      const opened = await importers[format as keyof typeof importers].open(source, {});
      let rows = 0;
      for await (const item of opened.items()) if (item && ++rows >= mostRows) break;
    }
  },
  queries: async ({ bytes }) => {
    preparing ??= createSchema(null, noSubscriptions).then((schema) => operationPreparer(schema, defaultLimits, noSql));
    const prepare = await preparing;
    const [query = '', variables = ''] = Buffer.from(bytes).toString('utf8').split('\n###\n');
    const request = {} as IncomingMessage;
    remember(request, anybody);
    prepare({ query, variables: objectIn(variables) }, { request });
  },
};

/** Operations are weighed here, never run. */
const noSql: Cancellable = { run: (_signal, work) => work(), actFor: () => undefined };

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Where the platform turns every error of a decoder into one of its own. */
const rethrown =
  (code: string) =>
  (error: unknown): never => {
    throw new PlatformError(code, error instanceof Error ? error.message : String(error));
  };

/** Reads an input as the platform would, and says how that ended. */
export const fuzzReading: Reading<FuzzInput, FuzzOutcome> = {
  name: 'fuzz',
  limits: { seconds: 10, silentSeconds: 10, megabytes: 1000 },
  async read(input, hands) {
    const { folder, name, bytes, kind } = input;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const around = path.dirname(folder);
    const before = await readdir(around);
    await writeFile(path.join(folder, name), bytes);
    const { outcome, fault } = await ended(() => readers[kind](input, path.join(folder, name), hands));
    const escaped = (await readdir(around)).filter((one) => !before.includes(one));
    await rm(folder, { recursive: true, force: true });
    return { outcome, fault, escaped, peak: process.resourceUsage().maxRSS * 1024 };
  },
};

async function ended(work: () => Promise<void>): Promise<Pick<FuzzOutcome, 'outcome' | 'fault'>> {
  try {
    await work();
    return { outcome: 'read', fault: null };
  } catch (error) {
    if (error instanceof PlatformError) return { outcome: error.code, fault: null };
    const { code, stack, message } = error as NodeJS.ErrnoException;
    return { outcome: code ?? (error as Error).name, fault: stack ?? message };
  }
}

export const fingerprint = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 12);
