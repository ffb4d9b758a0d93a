let came = false;

/**
 * Schedulers announce the end of a job by SIGUSR1, at which Node opens a debugger unless somebody listens. To be called
 * before anything is loaded, which takes seconds on a slow disk.
 */
export function listenForEarlySignal(): void {
  process.once('SIGUSR1', () => (came = true));
}

/** Whether the signal came while nobody but `listenForEarlySignal` listened. */
export function earlySignalCame(): boolean {
  return came;
}
