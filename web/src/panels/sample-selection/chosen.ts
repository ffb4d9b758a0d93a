import type { FileFormat } from '../../columns/columns-url';

/** Samples that were chosen, wherever that was. */
export interface Chosen {
  dataset: string;
  classes: readonly string[];
  count: number;
  /** Their ids; asked for when something is done with them, for there may be many. */
  ids: () => Promise<readonly string[]>;
  /** How they were chosen, in words. */
  how: string;
  /** Where their columns come from, as a file, once they are a list or the filter is short. */
  file?: ((list: string, format: FileFormat) => string) | undefined;
}
