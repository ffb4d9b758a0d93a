import path from 'node:path';
import { z } from 'zod';
import { EnvironmentError } from './errors.js';
import { defaultKeeping, type Keeping } from './storage/janitor/pile.js';

const hostPattern = String.raw`\s*(\*|(\*\.)?[\w.-]+(:\d+)?|\[[\da-fA-F:.]+\](:\d+)?)\s*`;
/** `name`, `*.name`, `name:port`, `[address of IPv6]`, or `*`. */
const hostList = new RegExp(`^(${hostPattern}(,${hostPattern})*)?$`);

/** `36h` or `7d`, in milliseconds. */
const duration = (standard: number) =>
  z
    .string()
    .regex(/^\d{1,6}[hd]$/, 'expected hours or days, like 36h or 7d')
    .transform((text) => Number(text.slice(0, -1)) * (text.endsWith('d') ? 24 : 1) * 3_600_000)
    .default(standard);

/**
 * Everything the platform reads from the environment. The only reader of `process.env`; the README's table mirrors it.
 */
const variables = {
  PORT: z.coerce.number().int().min(0).max(65535).default(4500),
  HOST: z.string().min(1).default('127.0.0.1'),
  ALLOWED_HOSTS: z
    .string()
    .regex(hostList, 'expected names with , between, like ada.example.org, *.example.org or 127.0.0.1:8899')
    .default(''),
  BASE_PATH: z
    .string()
    .regex(/^(\/[\w.~@%+-]+)*\/?$/, 'expected a path such as /user/ada/proxy/4500')
    .transform((path) => path.replace(/\/$/, ''))
    .default(''),
  AUTH: z.enum(['token', 'none']).optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_ROLE_CLAIM: z.string().default('roles'),
  OIDC_DEFAULT_ROLE: z.enum(['reader', 'labeller', 'trainer', 'admin']).optional(),
  PUBLIC_URL: z.url().optional(),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S+$/, 'expected postgres://user:password@host:port/database')
    .optional(),
  WORKERS: z.coerce.number().int().min(0).max(64).default(1),
  DEMO: z.stringbool().default(true),
  BACKEND: z.enum(['auto', 'tensorflow-gpu', 'webgpu', 'tensorflow', 'native-cpu', 'wasm', 'cpu']).default('auto'),
  THREADS: z.coerce.number().int().min(0).max(256).default(0),
  QUERY_COST: z.coerce.number().int().min(1).default(500_000),
  QUERY_DEPTH: z.coerce.number().int().min(1).max(100).default(15),
  QUERY_TIMEOUT: z.coerce.number().min(0.1).max(3600).default(30),
  INTROSPECTION: z.stringbool().default(true),
  IMPORT_ROOTS: z.string().default(''),
  UPLOAD_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .default(4 * 1024 ** 3),
  UPLOAD_QUOTA: z.coerce
    .number()
    .int()
    .min(1)
    .default(64 * 1024 ** 3),
  DISK_RESERVE: z.coerce
    .number()
    .int()
    .min(0)
    .default(1024 ** 3),
  KEEP_UPLOADS: duration(defaultKeeping.uploads),
  KEEP_TRASH: duration(defaultKeeping.trash),
  KEEP_ORPHANS: duration(defaultKeeping.orphans),
  KEEP_EVENTS: duration(defaultKeeping.events),
  KEEP_LOGS: duration(defaultKeeping.logs),
  KEEP_KEYS: duration(defaultKeeping.keys),
  KEEP_PAST_ANALYSES: duration(defaultKeeping.pastAnalyses),
  KEEP_EXPORTS: z.coerce.number().int().min(0).default(defaultKeeping.exports),
  ADADF_PULSE_DESCRIPTOR: z.coerce.number().int().min(3).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
};

export interface Environment {
  /** TCP port of API and dashboard; 0 picks a free one. */
  port: number;
  host: string;
  /** Names beside loopback's, this machine's addresses and `host` that requests may ask for: see `HostGate`. */
  allowedHosts: string[];
  /** Path below which a proxy serves the platform, without a slash at its end; empty without one. */
  basePath: string;
  /** Who may ask: whoever has a token, or everybody. Unset: everybody on loopback; beyond it the platform does not start. */
  auth: 'token' | 'none' | undefined;
  /** An OpenID provider that signs people in, beside tokens. */
  oidc: OidcEnvironment | null;
  /** Absolute. Holds the embedded database, drawn images and checkpoints. */
  dataDirectory: string;
  /** Unset: the embedded PostgreSQL in `dataDirectory` is used. */
  databaseUrl: string | undefined;
  /** Training worker processes started beside the API. */
  workers: number;
  /** Draw and train the demonstration on an empty database. */
  demo: boolean;
  backend: z.infer<typeof variables.BACKEND>;
  /** Threads for tensor kernels; 0 = as many as the machine has cores. */
  threads: number;
  /** Most fields that an operation can answer with. */
  queryCost: number;
  /** Most fields within fields of an operation. */
  queryDepth: number;
  /** Seconds until a query or mutation is cancelled. */
  queryTimeout: number;
  /** Whether clients may ask for the schema. */
  introspection: boolean;
  /** Absolute directories of this machine that clients may import files from, by path. */
  importRoots: string[];
  /** Most bytes of an uploaded file. */
  uploadLimit: number;
  /** Bytes of all uploads together. */
  uploadQuota: number;
  /** Bytes of the disk that uploads leave free. */
  diskReserve: number;
  /** What the janitor keeps for how long. */
  keeping: Keeping;
  /** Of a worker that a platform started: the descriptor where that listens for its signs of life. */
  pulseDescriptor: number | undefined;
  logLevel: z.infer<typeof variables.LOG_LEVEL>;
  /** Lines for people, or an object a line. */
  logFormat: z.infer<typeof variables.LOG_FORMAT>;
  nodeEnvironment: z.infer<typeof variables.NODE_ENV>;
}

export interface OidcEnvironment {
  issuer: string;
  clientId: string;
  clientSecret: string | null;
  roleClaim: string;
  /** In lower case; null: who has no role is not let in. */
  defaultRole: string | null;
  /** Where people reach the platform, without a slash at the end. */
  publicUrl: string | null;
}

/** @throws EnvironmentError that lists every wrong variable at once. */
export function readEnvironment(source: Readonly<Record<string, string | undefined>> = process.env): Environment {
  const given = Object.fromEntries(
    Object.keys(variables).map((name) => [name, source[name] === '' ? undefined : source[name]]),
  );
  const parsed = z.object(variables).safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}=${JSON.stringify(source[String(issue.path[0])])}: ${issue.message}`,
    );
    throw new EnvironmentError(`Wrong environment:\n  ${problems.join('\n  ')}`, { problems });
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    host: value.HOST,
    allowedHosts: value.ALLOWED_HOSTS.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    basePath: value.BASE_PATH,
    auth: value.AUTH,
    oidc: oidcOf(value),
    dataDirectory: path.resolve(value.DATA_DIR),
    databaseUrl: value.DATABASE_URL,
    workers: value.WORKERS,
    demo: value.DEMO,
    backend: value.BACKEND,
    threads: value.THREADS,
    queryCost: value.QUERY_COST,
    queryDepth: value.QUERY_DEPTH,
    queryTimeout: value.QUERY_TIMEOUT,
    introspection: value.INTROSPECTION,
    importRoots: value.IMPORT_ROOTS.split(path.delimiter)
      .filter((root) => root !== '')
      .map((root) => path.resolve(root)),
    uploadLimit: value.UPLOAD_LIMIT,
    uploadQuota: value.UPLOAD_QUOTA,
    diskReserve: value.DISK_RESERVE,
    keeping: keepingOf(value),
    pulseDescriptor: value.ADADF_PULSE_DESCRIPTOR,
    logLevel: value.LOG_LEVEL,
    logFormat: value.LOG_FORMAT,
    nodeEnvironment: value.NODE_ENV,
  };
}

function keepingOf(value: z.infer<z.ZodObject<typeof variables>>): Keeping {
  return {
    uploads: value.KEEP_UPLOADS,
    trash: value.KEEP_TRASH,
    orphans: value.KEEP_ORPHANS,
    events: value.KEEP_EVENTS,
    logs: value.KEEP_LOGS,
    keys: value.KEEP_KEYS,
    pastAnalyses: value.KEEP_PAST_ANALYSES,
    exports: value.KEEP_EXPORTS,
  };
}

/** What a child process gets: everything we were given, CUDA_VISIBLE_DEVICES for one, with some variables set. */
export function childEnvironment(set: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...set };
}

function oidcOf(value: z.infer<z.ZodObject<typeof variables>>): OidcEnvironment | null {
  if (value.OIDC_ISSUER === undefined) return null;
  if (value.OIDC_CLIENT_ID === undefined) {
    throw new EnvironmentError(
      'OIDC_CLIENT_ID: expected the id that the provider of OIDC_ISSUER knows this platform by, found nothing.',
    );
  }
  return {
    issuer: value.OIDC_ISSUER,
    clientId: value.OIDC_CLIENT_ID,
    clientSecret: value.OIDC_CLIENT_SECRET ?? null,
    roleClaim: value.OIDC_ROLE_CLAIM,
    defaultRole: value.OIDC_DEFAULT_ROLE ?? null,
    publicUrl: value.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
  };
}
