/** How much a reading may take before it is stopped from outside. */
export interface ReadingLimits {
  /** In all; null where a sound input may take hours. */
  seconds: number | null;
  /** Without a sign of life: its thread is held by something that does not end. */
  silentSeconds: number;
  /** Of memory, everything of its process counted; an idle one has some 150. */
  megabytes: number;
}

/** What a reading is given besides its input. */
export interface Hands {
  signal: AbortSignal;
  /** Tells whoever asked how far it is. */
  progress(said: unknown): void;
}

/**
 * Work on bytes that came from outside: weights, pictures, archives, tables. Input and output travel between processes
 * (V8's serialisation), so they are plain values, maps and typed arrays.
 */
export interface Reading<Input, Output> {
  name: string;
  limits: ReadingLimits;
  read(input: Input, hands: Hands): Promise<Output>;
}

export interface AskOptions {
  /** What is read, for errors: `the file weights.pth`. */
  what?: string;
  signal?: AbortSignal;
  onProgress?: (said: unknown) => void;
}

/** Whoever does readings: another process, or for commands and tests this one. */
export interface Reader {
  /** @throws what the reading throws; PlatformError READING_STOPPED where it took too much. */
  ask<Input, Output>(reading: Reading<Input, Output>, input: Input, options?: AskOptions): Promise<Output>;
  close(): Promise<void>;
}

/** In this process, without limits: for commands, which a person can stop, and for tests. */
export const readingHere: Reader = {
  ask: (reading, input, { signal = new AbortController().signal, onProgress = () => undefined } = {}) =>
    reading.read(input, { signal, progress: onProgress }),
  close: async () => undefined,
};
