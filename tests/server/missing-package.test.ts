import { expect, test } from 'vitest';
import { missingPackage } from '../../server/src/missing-package.js';

const failed = (message: string, code?: string): Error => Object.assign(new Error(message), { code });

test.each([
  [failed("Cannot find package 'zod' imported from /a b/environment.js", 'ERR_MODULE_NOT_FOUND'), 'zod'],
  [failed("Cannot find package '@img/x/lib' imported from /a.js", 'ERR_MODULE_NOT_FOUND'), '@img/x'],
  [failed("Cannot find module 'sharp/lib'\nRequire stack:\n- /a.js", 'MODULE_NOT_FOUND'), 'sharp'],
  [
    failed('Could not load the "sharp" module using the linux-x64 runtime\nPossible solutions:\n- npm install'),
    '@img/sharp-linux-x64',
  ],
  [failed("Cannot find module './gone.js'", 'MODULE_NOT_FOUND'), null],
  [failed("Cannot find module '/app/gone.js' imported from /app/a.js", 'ERR_MODULE_NOT_FOUND'), null],
  [new TypeError('x is not a function'), null],
])('a failed import names the package: %s', (error, name) => expect(missingPackage(error)).toBe(name));
