import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { describeFailure } from '../../../server/src/commands/describe-failure.js';
import { ConflictError } from '../../../server/src/errors.js';

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => null).catch((error: unknown) => error);

describe('what a command says when it fails', () => {
  test('of a mistyped path is a sentence, not a stack', async () => {
    expect(describeFailure(await failureOf(readFile('/tmp/no such file')))).toBe(
      '/tmp/no such file: there is no such file or directory. Look at the spelling.',
    );
    expect(describeFailure(await failureOf(readFile('/etc/hostname/x')))).toMatch(/no directory/);
    expect(describeFailure(await failureOf(mkdir(tmpdir())))).toMatch(/something of that name already/);
  });

  test('of an error of ours is its message, of a fault where it happened', () => {
    expect(describeFailure(new ConflictError('Taken.'))).toBe('Taken.');
    expect(describeFailure(new TypeError('x is not a function'))).toMatch(/describe-failure.test/);
  });
});
