import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repositoryFiles } from './files.js';

const files = repositoryFiles();
const read = (file: string): string => readFileSync(file, 'utf8');
const text = (file: string): boolean =>
  /\.(ts|tsx|mjs|cjs|json|md|graphql|css|yaml|yml|py|sh)$|Dockerfile|\.ci\/run|\.npmrc/.test(file);

describe('files', () => {
  test('are named after what they do', () => {
    expect(files.filter((file) => /(^|[/.-])(utils?|helpers?|common|misc|shared|stuff)([/.-]|$)/i.test(file))).toEqual(
      [],
    );
  });

  test('hold no secrets or leftovers', () => {
    expect(
      files.filter((file) => /(^|\/)(\.env[^/]*|id_rsa[^/]*|[^/]*\.(pem|key|log|orig|rej|swp|bak))$/.test(file)),
    ).toEqual([]);
  });

  test('are small enough to clone', () => {
    expect(files.filter((file) => statSync(file).size > 2 * 1024 * 1024)).toEqual([]);
  });

  test('name no place of the machine they were written on', () => {
    const place = /(?<![\w.:/$])\/(work|root|home\/\w+|Users\/\w+)\/\w/;
    expect(files.filter((file) => text(file) && !file.startsWith('tests/house/') && place.test(read(file)))).toEqual(
      [],
    );
  });

  test('assert no element of an array, whose type says already that it is there; an option by its name may be asserted', () => {
    const programs = files.filter((file) => /^(server|web)\/src\/.*\.tsx?$/.test(file) && !/\/generated\//.test(file));
    const lines = programs.flatMap((file) =>
      read(file)
        .split('\n')
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(lines.filter((line) => /(?<!\['[\w-]+')\]!(?!=)/.test(line))).toEqual([]);
  });

  test('that are generated say so in their first line', () => {
    const generated = files.filter((file) => file === 'schema.graphql' || /\/generated\//.test(file));
    expect(generated.length).toBeGreaterThan(0);
    expect(generated.filter((file) => text(file) && !/generated/i.test(read(file).split('\n', 1)[0]!))).toEqual([]);
  });
});

describe('package.json', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const peers = JSON.parse(read('scripts/bench-api/package.json')) as Record<string, Record<string, string>>;
  const peersLock = read('scripts/bench-api/package-lock.json');
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, Record<string, unknown> & { resolved?: string }>;
  };

  test('pins exact versions; types of Node may be any of its line', () => {
    const wanted = Object.entries({
      ...manifest['dependencies'],
      ...manifest['devDependencies'],
      ...manifest['optionalDependencies'],
      ...manifest['peerDependencies'],
      ...peers['dependencies'],
    });
    expect(
      wanted.filter(
        ([name, version]) =>
          !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) && !(name === '@types/node' && version === '22'),
      ),
    ).toEqual([]);
  });

  test('agrees with the lock file, which names no host: npm asks the registry it is set to', () => {
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      expect(lock.packages['']![kind]).toEqual(manifest[kind]);
    const elsewhere = Object.entries(lock.packages).filter(([, { resolved }]) => resolved);
    expect(elsewhere).toEqual([]);
    expect(peersLock).not.toContain('"resolved"');
  });

  test('every script runs a program that is there', () => {
    const programs = Object.values(manifest['scripts']!).flatMap((script) =>
      [...script.matchAll(/((?:scripts|node_modules)\/\S+)/g)].map(([, file]) => file!),
    );
    expect(programs.length).toBeGreaterThan(0);
    expect(programs.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('no script, container or program looks for Node or a tool in PATH or .bin: what is there differs between versions of npm', () => {
    const commands = Object.values(manifest['scripts']!).flatMap((script) => script.split('&&'));
    expect(commands.filter((command) => !/^ *(exec )?sh scripts\/node\.sh /.test(command))).toEqual([]);
    const starting = files.filter((file) => /^(scripts|docker|server|tests)\//.test(file) && text(file));
    const found = starting.filter((file) => !file.startsWith('tests/house/') && /['"/]\.bin['"/]/.test(read(file)));
    expect(found).toEqual(['tests/scripts/node.test.ts']);
  });
});

describe('the README', () => {
  test('lists every environment variable, and none that is not read', () => {
    expect(existsSync('README.md'), 'README.md is missing').toBe(true);
    const source = read('server/src/environment.ts');
    const variables = [
      ...source
        .slice(source.indexOf('const variables'), source.indexOf('export interface Environment'))
        .matchAll(/^ {2}([A-Z][A-Z_]+):/gm),
    ].map(([, name]) => name!);
    expect(variables).toContain('PORT');
    const listed = [...read('README.md').matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual(variables.sort());
  });

  test('links to files that are there', () => {
    const broken = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)/g)].map(([, target]) => [file, target!] as const),
      )
      .filter(([file, target]) => !existsSync(new URL(target, `file:///${file}`).pathname.slice(1)));
    expect(broken).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  test('names files and folders that exist', () => {
    const places = [...read('docs/architecture.md').matchAll(/`((?:server|web|tests|migrations)\/[^`\s]+)`/g)].map(
      ([, place]) => place!.replace(/\/ROOM$/, ''),
    );
    expect(places.length).toBeGreaterThan(30);
    expect(places.filter((place) => !existsSync(place))).toEqual([]);
  });
});

test('the root holds what a newcomer looks for there, and nothing stray', () => {
  const known =
    /^(README|CHANGELOG|LICENSE)(\.md)?$|^(package|package-lock|tsconfig|knip)(\.\w+)?\.json$|^(vitest\.config\.ts|schema\.graphql)$|^\.(gitignore|gitattributes|git-blame-ignore-revs|npmrc|oxlintrc\.json|oxfmtrc\.json|dockerignore)$/;
  expect(files.filter((file) => !file.includes('/') && !known.test(file))).toEqual([]);
});
