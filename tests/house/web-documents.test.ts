import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const generated = path.join('web', 'src', 'graphql', 'generated');

test("the dashboard's typed documents are what the schema and its .graphql files generate: `npm run generate` renews them", () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'codegen-'));
  try {
    mkdirSync(path.join(copy, 'web'));
    for (const file of ['schema.graphql', 'package.json', path.join('web', 'codegen.ts')])
      cpSync(file, path.join(copy, file));
    cpSync(path.join('web', 'src'), path.join(copy, 'web', 'src'), {
      recursive: true,
      filter: (source) => !source.endsWith('generated'),
    });
    symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'));
    const codegen = path.resolve('node_modules', '@graphql-codegen', 'cli', 'esm', 'bin.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [codegen, '--config', 'web/codegen.ts'], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
    const files = readdirSync(path.join(copy, generated)).sort();
    expect(readdirSync(generated).sort()).toEqual(files);
    const stale = files.filter(
      (file) =>
        readFileSync(path.join(copy, generated, file), 'utf8') !== readFileSync(path.join(generated, file), 'utf8'),
    );
    expect(stale).toEqual([]);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
