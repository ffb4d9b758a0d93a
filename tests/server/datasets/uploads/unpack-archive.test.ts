import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArchiveFolders } from '../../../../server/src/datasets/uploads/unpack-archive.js';
import { zipOf } from '../../../support/zip.js';

let root: string;
let folders: ArchiveFolders;
const running = new AbortController().signal;
const none = (): void => undefined;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'archives-'));
  folders = new ArchiveFolders(path.join(root, 'unpacked'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function unpack(bytes: Buffer, signal = running): Promise<string> {
  await writeFile(path.join(root, 'archive'), bytes);
  return folders.unpack(path.join(root, 'archive'), 'test', signal, none);
}
async function unpacked(bytes: Buffer): Promise<string[]> {
  const directory = await unpack(bytes);
  return (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
}
async function tarOf(
  entries: {
    name: string;
    content?: string;
    type?: 'file' | 'symlink' | 'link' | 'directory' | 'fifo';
    linkname?: string;
  }[],
): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe('an archive', () => {
  it('is unpacked, without the folders that wrap everything', async () => {
    const names = ['faces/set/train/a/1.png', 'faces/set/train/b/2.png', 'faces/set/list.csv'];
    expect(await unpacked(zipOf(names.map((name) => ({ name, content: name }))))).toEqual([
      'list.csv',
      'train/a/1.png',
      'train/b/2.png',
    ]);
    const tar = await tarOf([{ name: 'faces', type: 'directory' }, ...names.map((name) => ({ name, content: name }))]);
    expect(await unpacked(tar)).toEqual(['list.csv', 'train/a/1.png', 'train/b/2.png']);
    expect(await unpacked(gzipSync(tar))).toEqual(['list.csv', 'train/a/1.png', 'train/b/2.png']);
  });

  it('is unpacked without its wrappers where a README and files of a system lie beside, and with a folder of a split', async () => {
    const names = [
      'set/README.md',
      'set/.DS_Store',
      'set/faces/a/1.png',
      'set/faces/b/2.png',
      '__MACOSX/set/faces/a/._1.png',
    ];
    expect(await unpacked(zipOf(names.map((name) => ({ name, content: name }))))).toEqual(['a/1.png', 'b/2.png']);
    expect(await unpacked(zipOf(['train/a/1.png', 'train/b/2.png'].map((name) => ({ name, content: name }))))).toEqual([
      'train/a/1.png',
      'train/b/2.png',
    ]);
  });

  it.each([
    // 愤怒 and 恐惧.
    [
      'GBK',
      [Buffer.from([0xb7, 0xdf, 0xc5, 0xad]), Buffer.from([0xbf, 0xd6, 0xbe, 0xe5])],
      ['恐惧/2.png', '愤怒/1.png'],
    ],
    ['UTF-8 that does not say so', [Buffer.from('é'), Buffer.from('ö')], ['é/1.png', 'ö/2.png']],
    ['the code page of the first PCs', [Buffer.from([0x82]), Buffer.from([0x94])], ['é/1.png', 'ö/2.png']],
  ])('has names in %s', async (_, folders, expected) => {
    const files = folders.map((folder, place) => ({
      name: Buffer.concat([folder, Buffer.from(`/${place + 1}.png`)]),
      content: 'x',
    }));
    expect((await unpacked(zipOf(files))).sort()).toEqual([...expected].sort());
  });

  it('has folders where Windows wrote backslashes', async () => {
    expect(
      await unpacked(zipOf(['faces\\anger\\0.jpg', 'faces\\fear\\1.jpg'].map((name) => ({ name, content: 'x' })))),
    ).toEqual(['anger/0.jpg', 'fear/1.jpg']);
  });

  it('that the usual program packed is read', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'tar-'));
    await writeFile(path.join(folder, 'ä b.txt'), 'x'.repeat(10_000));
    execFileSync('tar', ['czf', path.join(folder, 'set.tar.gz'), '-C', folder, 'ä b.txt']);
    const directory = await unpack(await readFile(path.join(folder, 'set.tar.gz')));
    expect(await readFile(path.join(directory, 'ä b.txt'), 'utf8')).toHaveLength(10_000);
    await rm(folder, { recursive: true });
  });

  it.each([
    ['../evil.txt', 'dots'],
    ['a/../../evil.txt', 'dots inside'],
    ['/etc/evil', 'an absolute path'],
    ['C:\\evil.txt', 'a drive'],
    ['..\\evil.txt', 'backslashes'],
  ])('with the name %s (%s) is refused and writes nothing outside', async (name) => {
    const before = await readdir(root);
    await expect(unpacked(zipOf([{ name, content: 'x' }]))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'upload' },
    });
    await expect(unpacked(await tarOf([{ name, content: 'x' }]))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'upload' },
    });
    expect((await readdir(root)).filter((entry) => !['archive', 'unpacked'].includes(entry))).toEqual(
      before.filter((entry) => !['archive', 'unpacked'].includes(entry)),
    );
  });

  it('with links is refused', async () => {
    const wanted = { code: 'INVALID_INPUT', details: { expected: 'an archive with files and folders only' } };
    await expect(
      unpacked(await tarOf([{ name: 'a.png', type: 'symlink', linkname: '/etc/passwd' }])),
    ).rejects.toMatchObject(wanted);
    await expect(
      unpacked(
        await tarOf([
          { name: 'a.png', content: 'x' },
          { name: 'b.png', type: 'link', linkname: 'a.png' },
        ]),
      ),
    ).rejects.toMatchObject(wanted);
    await expect(unpacked(await tarOf([{ name: 'pipe', type: 'fifo' }]))).rejects.toMatchObject(wanted);
    await expect(unpacked(zipOf([{ name: 'a.png', content: '/etc/passwd', mode: 0o120777 }]))).rejects.toMatchObject(
      wanted,
    );
  });

  it('that grows without bounds is refused', async () => {
    const bomb = zipOf([{ name: 'zeros', content: Buffer.alloc(300 * 1024 ** 2) }]);
    expect(bomb.length).toBeLessThan(1024 ** 2);
    await expect(unpacked(bomb)).rejects.toMatchObject({
      details: { expected: 'an archive with at most 256 MiB of unpacked files' },
    });
  });

  it.each([
    ['is none', Buffer.from('hello, world'), 'a text that begins with "hello, world"'],
    ['is of bytes', Buffer.from([5, 1, 254, 3]), 'a file of another kind'],
    [
      'is a pointer',
      Buffer.from('version https://git-lfs.github.com/spec/v1'),
      expect.stringContaining('git lfs pull'),
    ],
    ['is a page', Buffer.from('<!DOCTYPE html><title>Sign in</title>'), expect.stringContaining('an HTML page')],
    ['is a RAR', Buffer.from('Rar!\x1a\x07', 'latin1'), 'a RAR archive: pack it as .zip'],
    ['is zeros', Buffer.alloc(600), 'nothing but zeros: the copy or download broke off'],
    ['is empty', Buffer.alloc(0), 'an empty file'],
  ])('that %s is refused', async (_, bytes, found) => {
    await expect(unpack(bytes)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { found } });
  });

  it('that is refused writes nothing after that', async () => {
    const tar = await tarOf([{ name: 'faces/a.png', content: 'x'.repeat(2000) }]);
    for (let round = 0; round < 20; round++) {
      await expect(unpack(tar.subarray(0, 700))).rejects.toThrow('readable tar entries');
      const names = (): string[] => readdirSync(path.join(root, 'unpacked', 'test'), { recursive: true }) as string[];
      const left = names();
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(names()).toEqual(left);
    }
  });

  it('that is cut off or has a name twice is refused', async () => {
    const zip = zipOf([{ name: 'a.png', content: 'x'.repeat(5000) }]);
    await expect(unpacked(zip.subarray(0, zip.length - 30))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const tar = await tarOf([{ name: 'a.png', content: 'abc'.repeat(5000) }]);
    await expect(unpacked(tar.subarray(0, 5000))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const gz = gzipSync(tar);
    await expect(unpacked(gz.subarray(0, gz.length - 20))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(
      unpacked(
        zipOf([
          { name: 'a.png', content: 'x' },
          { name: './a.png', content: 'y' },
        ]),
      ),
    ).rejects.toMatchObject({ details: { found: '"./a.png" twice' } });
    await expect(unpacked(zipOf([]))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('stops when it is told to', async () => {
    await expect(unpack(zipOf([{ name: 'a', content: 'x' }]), AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
  });
});

describe('a zip whose contents are broken', () => {
  it('anywhere is refused or unpacked, and nothing is thrown that nobody catches', async () => {
    const whole = zipOf([
      { name: 'faces/anger/a.png', content: 'anger '.repeat(80) },
      { name: 'faces/fear/b.png', content: Buffer.from(Array.from({ length: 400 }, (_, n) => (n * 89) % 256)) },
      { name: 'faces/deeper/and/deeper/c.png', content: 'fear '.repeat(80) },
    ]);
    const outcomes = new Set<string>();
    for (let at = 0; at < whole.length; at += 7) {
      const spoilt = Buffer.from(whole);
      spoilt[at]! ^= 0xff;
      const outcome = await unpack(spoilt).then(
        () => 'unpacked',
        (error: { code?: string }) => String(error.code),
      );
      outcomes.add(outcome);
    }
    // What a stream emits after it was left would end the process, or this test.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([...outcomes].toSorted()).toEqual(['INVALID_INPUT', 'unpacked']);
  }, 60_000);
});
