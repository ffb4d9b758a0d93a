/**
 * Asks for the result of one input after another, and hands results out in that order. Beside the one waited for, up to
 * `ahead` more are
 * asked for, so that a device that computes on its own has work while the processor prepares the next. However it ends,
 * none is left under way.
 */
export async function* stepsAhead<T, R>(
  inputs: AsyncIterable<T>,
  ask: (input: T) => Promise<R>,
  ahead: number,
): AsyncGenerator<{ input: T; result: R }> {
  const underWay: { input: T; result: Promise<R> }[] = [];
  const first = async (): Promise<{ input: T; result: R }> => {
    const { input, result } = underWay[0];
    const found = { input, result: await result };
    underWay.shift();
    return found;
  };
  try {
    for await (const input of inputs) {
      const result = ask(input);
      // Its failure is met when its turn comes, or below.
      result.catch(() => undefined);
      underWay.push({ input, result });
      if (underWay.length > ahead) yield await first();
    }
    while (underWay.length > 0) yield await first();
  } finally {
    await Promise.allSettled(underWay.map(({ result }) => result));
  }
}
