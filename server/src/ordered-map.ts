/**
 * Applies `work` to a stream, up to `concurrency` at a time, and gives the results in the stream's order. Holds no more
 * than `concurrency` of them.
 */
export async function* orderedMap<T, R>(
  items: AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      if (running.length >= concurrency) yield await running.shift()!;
      const result = work(item);
      // Awaited in its turn; until then a failure is not unhandled.
      result.catch(() => undefined);
      running.push(result);
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
  }
}
