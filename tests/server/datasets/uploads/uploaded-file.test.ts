import { describe, expect, test } from 'vitest';
import { keptName } from '../../../../server/src/datasets/uploads/uploaded-file.js';

describe('the name of an upload', () => {
  test('keeps letters of any script, in one form, and nothing that means something to a file system', () => {
    expect(keptName('mein Mo\u0308dell (1).pth')).toBe('mein Mödell (1).pth');
    expect(keptName('表情.zip')).toBe('表情.zip');
    expect(keptName('../../etc/a\0b<c>|d.zip')).toBe('a_b_c__d.zip');
    for (const nothing of ['', '..', '...', '/']) expect(keptName(nothing)).toBe('file');
  });

  test('has room on every file system, and keeps its ending', () => {
    for (const letter of ['x', 'é', '表', '😀']) {
      const kept = keptName(`${letter.repeat(400)}.tar.gz`);
      expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(120);
      expect(kept.endsWith('.tar.gz')).toBe(true);
    }
  });
});
