import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultKeeping } from '../../server/src/storage/janitor/pile.js';
import { childEnvironment, readEnvironment } from '../../server/src/environment.js';

test('an empty environment is the default platform: loopback, embedded database, one worker, demonstration', () => {
  expect(readEnvironment({ NODE_ENV: 'production' })).toEqual({
    port: 4500,
    host: '127.0.0.1',
    auth: undefined,
    oidc: null,
    allowedHosts: [],
    basePath: '',
    dataDirectory: path.resolve('.data'),
    databaseUrl: undefined,
    workers: 1,
    demo: true,
    backend: 'auto',
    threads: 0,
    queryCost: 500_000,
    queryDepth: 15,
    queryTimeout: 30,
    introspection: true,
    importRoots: [],
    uploadLimit: 4 * 1024 ** 3,
    uploadQuota: 64 * 1024 ** 3,
    diskReserve: 1024 ** 3,
    keeping: defaultKeeping,
    logLevel: 'info',
    logFormat: 'text',
    nodeEnvironment: 'production',
  });
});

test('an empty variable is an absent one, and others of the machine are left alone', () => {
  const environment = readEnvironment({
    NODE_ENV: 'test',
    PORT: '',
    DATABASE_URL: '',
    PATH: '/bin',
    PGHOST: 'elsewhere',
  });
  expect([environment.port, environment.databaseUrl]).toEqual([4500, undefined]);
});

test('a base path loses the slash that hubs put at its end', () => {
  expect(readEnvironment({ BASE_PATH: '/user/ada@x.org/proxy/4500/' }).basePath).toBe('/user/ada@x.org/proxy/4500');
  expect(readEnvironment({ BASE_PATH: '/' }).basePath).toBe('');
});

test.each([
  ['BASE_PATH', 'user/ada'],
  ['BASE_PATH', 'https://hub/user'],
  ['BASE_PATH', '/a//b'],
  ['PORT', 'door'],
  ['PORT', '65536'],
  ['PORT', '80.5'],
  ['WORKERS', '-1'],
  ['DEMO', 'perhaps'],
  ['BACKEND', 'abacus'],
  ['DATABASE_URL', 'mysql://elsewhere/db'],
  ['LOG_LEVEL', 'loud'],
  ['KEEP_TRASH', 'a week'],
  ['KEEP_UPLOADS', '24'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => readEnvironment({ NODE_ENV: 'test', [name]: value })).toThrow(`${name}="${value}"`);
});

test('all mistakes are told at once', () => {
  expect(() => readEnvironment({ NODE_ENV: 'test', PORT: 'x', THREADS: 'y' })).toThrow(/PORT="x".*\n.*THREADS="y"/);
});

test('a child gets our environment with changes', () => {
  const environment = childEnvironment({ DATA_DIR: 'changed' });
  expect(environment['PATH']).toBe(process.env['PATH']);
  expect(environment['DATA_DIR']).toBe('changed');
});

test('names of hosts are taken apart, and what is no name is refused by the variable', () => {
  const hosts = (text: string): string[] => readEnvironment({ ALLOWED_HOSTS: text }).allowedHosts;
  expect(hosts('ada.example.org, *.lab.example,127.0.0.1:8899,[::1]:80')).toEqual([
    'ada.example.org',
    '*.lab.example',
    '127.0.0.1:8899',
    '[::1]:80',
  ]);
  expect(hosts('')).toEqual([]);
  for (const wrong of ['https://ada.example.org', 'ada/x', 'a b', ','])
    expect(() => hosts(wrong)).toThrow('ALLOWED_HOSTS');
});
