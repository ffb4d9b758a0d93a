import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawFacesCommand } from '../../../server/src/commands/draw-faces.js';
import { importCommand } from '../../../server/src/commands/import.js';
import { DatasetService } from '../../../server/src/datasets/dataset.service.js';
import { ImportService } from '../../../server/src/datasets/imports/import.service.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { type ImageTree, imageTree, small } from '../datasets/image-tree.js';

let database: TestDatabase;
let tree: ImageTree;
let dataDirectory: string;
let closed = 0;

beforeAll(async () => {
  database = await testDatabase();
  dataDirectory = await mkdtemp(path.join(os.tmpdir(), 'commands-'));
  const pictures = ['train/happy/a.png', 'train/sad/b.png', 'train/sad/c.png', 'test/happy/d.png'];
  tree = await imageTree({
    ...Object.fromEntries(pictures.map((name) => [name, small])),
    'train/sad/broken.png': 'no image',
    'train/notes.txt': '',
  });
});
afterAll(async () => {
  await Promise.all([tree?.remove(), rm(dataDirectory, { recursive: true, force: true }), database?.drop()]);
});
afterEach(() => vi.restoreAllMocks());

const connect = async () => ({
  importService: new ImportService(database.dataSource),
  dataDirectory,
  close: async () => void closed++,
});

/** What the command wrote to standard output. */
async function outputOf(command: Command, ...words: string[]): Promise<string> {
  let written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written += String(text)), true));
  await command.exitOverride().parseAsync(words, { from: 'user' });
  return written;
}

describe('adadf import', () => {
  it('imports by the name given and reports what came in, what did not, and why', async () => {
    const output = await outputOf(importCommand(connect), 'folder', tree.root, '--name', 'from the shell');
    const dataset = (await new DatasetService(database.dataSource).byName('from the shell'))!;
    expect(output).toContain(`${dataset.id} "from the shell": 4 images, 2 classes (happiness, sadness)`);
    expect(output).toContain('choices: layout <split>/<class>/*');
    expect(output).toMatch(/skipped: 2\n +1 {2}\S.*\n +1 {2}/);
    expect(output).toContain('train/sad/broken.png');
    expect(output).not.toContain(tree.root);
  });

  it('shows a row of each cause, of one reason too', async () => {
    const lying = await imageTree({
      'happy/a.png': small,
      'sad/b.png': small,
      'sad/pointer.jpg': 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 1234\n',
      'sad/page.jpg': '<!DOCTYPE html><html><title>403</title></html>',
      'sad/empty.jpg': '',
    });
    try {
      const output = await outputOf(importCommand(connect), 'folder', lying.root, '--dry-run');
      expect(output).toContain('skipped: 3');
      for (const name of ['pointer', 'page', 'empty']) expect(output).toContain(`e.g. sad/${name}.jpg`);
    } finally {
      await lying.remove();
    }
  });

  it('hands the options of the format on', async () => {
    const before = closed;
    await expect(outputOf(importCommand(connect), 'folder', tree.root, '--test-share', '7')).rejects.toMatchObject({
      details: { path: 'test-share' },
    });
    await expect(
      outputOf(importCommand(connect), 'folder', tree.root, '--subject-pattern', '^(.)', '--name', 'subjects'),
    ).resolves.toContain('subject-pattern ^(.)');
    expect(closed).toBe(before + 1);
  });

  it('fails, and disconnects, when nothing can be imported or the name is taken', async () => {
    const before = closed;
    await outputOf(importCommand(connect), 'folder', tree.root, '--name', 'taken');
    const other = await imageTree({ 'train/a/1.png': small, 'train/b/1.png': small });
    await expect(outputOf(importCommand(connect), 'folder', other.root, '--name', 'taken')).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await other.remove();
    expect(closed).toBe(before + 2);
  });
});

describe('adadf draw-faces', () => {
  it('draws a ready-made size into the data directory and says how fast', async () => {
    const output = await outputOf(drawFacesCommand(connect), '--size', 'tiny', '--image-size', '16', '--seed', '5');
    const dataset = (await new DatasetService(database.dataSource).byName('drawn-faces-tiny-16-5'))!;
    expect(dataset.imageRoot).toBe(path.join(dataDirectory, 'datasets', 'drawn-faces-tiny-16-5'));
    expect(output).toMatch(
      new RegExp(`^${dataset.id} "drawn-faces-tiny-16-5": 210 faces of 16 px in [\\d.]+ s \\(\\d+ a second\\)\n$`),
    );
  });

  it('refuses a seed that is no number', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await expect(outputOf(drawFacesCommand(connect), '--seed', 'x')).rejects.toMatchObject({
      code: 'commander.invalidArgument',
    });
  });
});
