import { expect, test } from 'vitest';
import { explainOutOfMemory, OutOfMemory } from '../../../server/src/training/out-of-memory.js';

const sizes = { batch: 64, size: 224, width: 64 };

test.each([
  'Out of memory: no room for a tensor of 3072 MiB in 4096 MiB of WebAssembly memory (4096 MiB at most).',
  'Array buffer allocation failed',
  'OOM when allocating tensor with shape[64,112,112,64] and type float',
  'std::bad_alloc',
])('where memory runs out the error says what to lower: %s', (message) => {
  const explained = explainOutOfMemory(new Error(message), sizes);
  expect(explained).toBeInstanceOf(OutOfMemory);
  expect((explained as OutOfMemory).message).toBe(
    `Training ran out of memory: ${message} Lower the batch size (64), the image size (224 px) or the width (64).`,
  );
  expect(explainOutOfMemory(explained, sizes)).toBe(explained);
});

test('other errors stay as they are', () => {
  const error = new Error('The loss became NaN in a room without windows.');
  expect(explainOutOfMemory(error, sizes)).toBe(error);
});
