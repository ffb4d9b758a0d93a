import { affectnetCache, affectnetCsv, affectnetNpy } from './affectnet.js';
import { expw } from './expw.js';
import { fer2013, fer2013Folders } from './fer2013.js';
import { ferplus } from './ferplus.js';
import { ckPlus, folder, sfew } from './folders.js';
import type { Layout } from './layout.js';
import { manifest } from './manifest.js';
import { rafDb } from './raf-db.js';

/** Every layout by the name of the importer that reads it. */
export const layouts = {
  'raf-db': rafDb,
  'affectnet-csv': affectnetCsv,
  'affectnet-npy': affectnetNpy,
  'affectnet-cache': affectnetCache,
  ferplus,
  fer2013,
  'fer2013-folders': fer2013Folders,
  sfew,
  expw,
  'ck-plus': ckPlus,
  manifest,
  folder,
} satisfies Record<string, Layout>;

export type LayoutName = keyof typeof layouts;
