import { expect, test } from 'vitest';
import { onInterruption } from '../../../server/src/commands/interruption.js';

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s interrupts once, and is not listened to afterwards',
  (signal) => {
    const before = process.listenerCount(signal);
    let interrupted = 0;
    onInterruption(() => interrupted++);
    expect(process.listenerCount(signal)).toBe(before + 1);
    process.emit(signal);
    expect(interrupted).toBe(1);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) expect(process.listeners(name)).toHaveLength(before);
  },
);

test('who stops listening hears nothing', () => {
  const before = process.listenerCount('SIGTERM');
  const stop = onInterruption(() => undefined);
  stop();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
