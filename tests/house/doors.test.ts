import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { doorNames, violations } from './doors.js';
import { importsOf, sourceFiles } from './imports.js';

const folders = ['server', 'web', 'migrations'];

test('nothing in the house goes through a closed door', () => {
  const files = sourceFiles('.', folders);
  expect(files.length).toBeGreaterThan(50);
  expect(violations(importsOf('.', files))).toEqual([]);
});

/**
 * Door -> a file and a line in it that goes through that door. Targets are made, empty, unless the line is about a
 * package.
 */
const planted: Record<string, readonly [file: string, line: string]> = {
  'graphql-knows-no-later-room': ['server/src/graphql/a.ts', `import type { B } from '../datasets/b.js';`],
  'ada-df-knows-no-later-room': ['server/src/ada-df/a.ts', `import { B } from '../training/b.js';`],
  'engine-knows-no-later-room': ['server/src/engine/a.ts', `import { B } from '../models/b.js';`],
  'untrusted-knows-no-later-room': ['server/src/untrusted/a.ts', `import { B } from '../models/b.js';`],
  'datasets-knows-no-later-room': ['server/src/datasets/a.ts', `export { B } from '../training/b.js';`],
  'storage-knows-no-later-room': ['server/src/storage/a.ts', `import { B } from '../models/b.js';`],
  'labels-knows-no-later-room': ['server/src/labels/a.ts', `import type { B } from '../training/b.js';`],
  'models-knows-no-later-room': ['server/src/models/a.ts', `type C = import('../training/b.js').B;`],
  'metrics-knows-no-later-room': ['server/src/metrics/b.ts', `import { B } from '../ada-df/b.js';`],
  'drawn-faces-knows-no-later-room': ['server/src/drawn-faces/a.ts', `import { B } from '../datasets/b.js';`],
  'drawn-faces-know-no-room': ['server/src/drawn-faces/b.ts', `import { B } from 'typeorm';`],
  'runs-knows-no-later-room': ['server/src/runs/a.ts', `import { B } from '../training/b.js';`],
  'predictions-knows-no-later-room': ['server/src/predictions/a.ts', `import { B } from '../analysis/b.js';`],
  'experiments-knows-no-later-room': ['server/src/experiments/a.ts', `import { B } from '../access/b.js';`],
  'access-knows-no-later-room': ['server/src/access/a.ts', `import { B } from '../api/b.js';`],
  'platform-knows-no-later-room': ['server/src/platform/c.ts', `import { B } from '../commands/b.js';`],
  'commands-knows-no-later-room': ['server/src/commands/a.ts', `import { B } from '../bench/b.js';`],
  'training-knows-no-later-room': ['server/src/training/a.ts', `const { B } = await import('../analysis/b.js');`],
  'analysis-knows-no-later-room': ['server/src/analysis/a.ts', `import '../api/b.js';`],
  'api-knows-no-later-room': ['server/src/api/a.ts', `export * from '../commands/b.js';`],
  'ada-df-is-pure': ['server/src/ada-df/b.ts', `import { readFileSync } from 'node:fs';`],
  'metrics-are-pure': ['server/src/metrics/a.ts', `import { B } from '../errors.js';`],
  'analysis-does-not-train': ['server/src/analysis/b.ts', `import { B } from '../ada-df/b.js';`],
  'graphql-is-a-vocabulary': ['server/src/graphql/b.ts', `import { B } from '../random.js';`],
  'engine-has-no-domain-word': ['server/src/engine/b.ts', `import { B } from '../ada-df/losses.js';`],
  'foundations-know-nobody': ['server/src/errors.ts', `import { B } from './graphql/b.js';`],
  'importers-are-strangers': ['server/src/datasets/importers/folder-tree.ts', `import { B } from './ferplus.js';`],
  'resolvers-are-leaves': ['server/src/platform/a.ts', `import { B } from '../training/run.resolver.js';`],
  'one-composition-root': ['server/src/training/c.ts', `import { B } from '../environment.js';`],
  'rooms-do-not-build-themselves': ['server/src/api/c.ts', `import { B } from '../environment.js';`],
  'database-knows-entities': ['server/src/database/a.ts', `import { B } from '../training/run.service.js';`],
  'nothing-imports-a-front-door': ['server/src/platform/b.ts', `import { B } from '../main.js';`],
  'backend-chosen-once': ['server/src/training/d.ts', `import '@tensorflow/tfjs-backend-wasm';`],
  'plots-are-pure': ['web/src/plots/a.tsx', `import { B } from '../panels/x/b';`],
  'panels-are-strangers': ['web/src/panels/run/a.tsx', `import { B } from '../runs/b';`],
  'theme-is-last': ['web/src/theme/a.ts', `import { B } from '../plots/b';`],
  'nothing-imports-a-page': ['web/src/panels/run/b.tsx', `import { B } from '../../app/page';`],
  'web-and-server-meet-in-schema-graphql': [
    'web/src/graphql/a.ts',
    `import type { B } from '../../../server/src/errors.js';`,
  ],
  'server-ignores-web': ['server/src/api/d.ts', `import { B } from '../../../web/src/theme/b.js';`],
  'code-ignores-tests': ['migrations/a.ts', `import { B } from '../tests/support/b.js';`],
  'nothing-missing': ['server/src/api/e.ts', `import { B } from './not-there.js';`],
  'no-circles': ['server/src/models/c.ts', `import type { B } from './d.js';`],
};

describe('a planted violation', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'doors-'));
    for (const [file, line] of Object.values(planted)) {
      write(file, line);
      const [, target] = /'(\.[^']+)'/.exec(line) ?? [];
      const imported =
        target &&
        path.posix.join(
          path.posix.dirname(file),
          target.endsWith('.js') ? target.replace(/js$/, 'ts') : `${target}.tsx`,
        );
      if (imported && !imported.includes('not-there') && !Object.values(planted).some(([other]) => other === imported))
        write(imported, 'export type B = 1;');
    }
    write('server/src/models/d.ts', `import type { B } from './c.js';`);
  });
  afterAll(() => rmSync(root, { recursive: true }));
  const write = (file: string, text: string): void => {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), `${text}\n`);
  };

  test.each(doorNames)('through %s is caught', (door) => {
    const [file] = planted[door] ?? expect.unreachable(`no violation of ${door} is planted`);
    const found = violations(importsOf(root, sourceFiles(root, folders)));
    expect(found.filter((line) => line.startsWith(`${door}: `))).toContainEqual(expect.stringContaining(file));
  });
});

test('what looks like an import in a comment or text is none', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'doors-'));
  mkdirSync(path.join(root, 'server', 'src', 'graphql'), { recursive: true });
  writeFileSync(
    path.join(root, 'server', 'src', 'graphql', 'a.ts'),
    `// import x from '../training/b.js';\nexport const text = "import x from '../training/b.js'";\n`,
  );
  expect(importsOf(root, sourceFiles(root, folders))).toEqual([]);
  rmSync(root, { recursive: true });
});
