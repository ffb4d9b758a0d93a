import { ferplus } from './ferplus.js';
import { folder } from './folder.js';
import type { Importer } from './importer.js';

/** Every importer by its name. */
export const importers = { ferplus, folder } satisfies Record<string, Importer>;

export type ImporterName = keyof typeof importers;
