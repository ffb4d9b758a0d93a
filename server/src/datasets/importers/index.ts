import { affectnetCache } from './affectnet-cache.js';
import { affectnetCsv } from './affectnet-csv.js';
import { affectnetNpy } from './affectnet-npy.js';
import { ckPlus } from './ck-plus.js';
import { expw } from './expw.js';
import { fer2013Folders } from './fer2013-folders.js';
import { fer2013 } from './fer2013.js';
import { ferplus } from './ferplus.js';
import { folder } from './folder.js';
import type { Importer } from './importer.js';
import { manifest } from './manifest.js';
import { rafDbFolders } from './raf-db-folders.js';
import { rafDb } from './raf-db.js';
import { sfew } from './sfew.js';
import { yolo } from './yolo.js';

/** Every importer by its name, the more particular layout first: where a directory fits several, the first is taken. */
export const importers = {
  'raf-db': rafDb,
  'raf-db-folders': rafDbFolders,
  'affectnet-csv': affectnetCsv,
  'affectnet-npy': affectnetNpy,
  'affectnet-cache': affectnetCache,
  ferplus,
  fer2013,
  'fer2013-folders': fer2013Folders,
  sfew,
  expw,
  'ck-plus': ckPlus,
  yolo,
  manifest,
  folder,
} satisfies Record<string, Importer>;
