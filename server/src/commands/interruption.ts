const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `interrupt` at the first Ctrl-C, termination or hang-up, in place of ending the process at once. @returns stops
 * listening.
 */
export function onInterruption(interrupt: () => void): () => void {
  const stop = (): void => {
    for (const signal of signals) process.off(signal, heard);
  };
  const heard = (): void => {
    stop();
    interrupt();
  };
  for (const signal of signals) process.on(signal, heard);
  return stop;
}
