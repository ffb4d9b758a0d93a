import { expect, test } from 'vitest';
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
