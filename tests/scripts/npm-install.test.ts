import { expect, test } from 'vitest';
// @ts-expect-error a script without types
import { missingIn } from '../../scripts/build.mjs';
// @ts-expect-error a script without types
import { causeIn } from '../../scripts/npm-install.mjs';

test("a failed installation says what npm's log says, and what to do", () => {
  const line = (code: string) =>
    `12 http fetch GET https://example.org/npm attempt 3 failed with ${code}\n13 verbose exit 1\n`;
  expect(causeIn(line('SELF_SIGNED_CERT_IN_CHAIN'))).toMatch(/^SELF_SIGNED_CERT_IN_CHAIN: .*NODE_EXTRA_CA_CERTS=/);
  expect(causeIn(line('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'))).toContain('NODE_EXTRA_CA_CERTS=');
  expect(causeIn(line('EAI_AGAIN'))).toMatch(/^EAI_AGAIN: the registry does not answer/);
  expect(causeIn('error nospc ENOSPC: no space left on device, write')).toBe('ENOSPC: the disk is full');
  expect(causeIn('1 info using npm@10.9.9\n2 verbose exit 1\n')).toBeNull();
});

test('a tool whose program for this machine was left out is named in a sentence, without its trace', () => {
  const words = `Error: Unable to resolve @typescript/typescript-linux-x64. Either your platform is unsupported\n    at getExePath`;
  expect(missingIn(words)).toBe(
    'The package @typescript/typescript-linux-x64 is not installed: `npm install --include=optional` brings it.',
  );
  expect(missingIn("server/src/a.ts(1,1): error TS2307: Cannot find name 'x'.")).toBeNull();
});
