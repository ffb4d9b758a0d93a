import { open } from 'node:fs/promises';
import type { SourceDirectory } from '../sources/source-directory.js';

/** Levels below a directory that are looked through. */
const deepest = 2;
const mostHints = 3;
const annotated = 'export them as YOLO, or as a CSV with the path of a picture and its label';

/** Files in which data sets lie and that are not read: by their names, and what to do with them. */
const unread: readonly { name: RegExp; what: (name: string) => string }[] = [
  {
    name: /\.(zip|tar|tgz|tar\.(gz|bz2|xz|zst)|gz|bz2|xz|7z|rar)$/i,
    what: (name) =>
      `${name} is an archive: unpack it and import what is in it, or upload it (.zip, .tar.gz, .tar) on the page Import`,
  },
  {
    name: /\.(crdownload|part|partial|download|aria2|!qb)$/i,
    what: (name) => `${name} is a download that did not end`,
  },
  {
    name: /^_?annotations?\.coco\.json$|^(instances|person_keypoints|captions)_.*\.json$/i,
    what: (name) => `${name} holds annotations of COCO, which are not read: ${annotated}`,
  },
  {
    name: /\.tfrecords?(-\d+-of-\d+)?$/i,
    what: (name) => `${name} is a TFRecord, which is not read: write its pictures into folders of classes`,
  },
  {
    name: /\.(lmdb|mdb|h5|hdf5|npz|pt|pth|pkl|pickle|rec)$/i,
    what: (name) => `${name} is no form of a data set that is read: write its pictures into folders of classes`,
  },
];

/**
 * What lies in a directory of no known format that a person may have meant, and the next step: archives, downloads that
 * broke off, annotations of other programs.
 */
export async function unreadHints(source: SourceDirectory): Promise<string[]> {
  const found = new Map<RegExp, string>();
  let xml: string | null = null;
  for await (const { folder, files } of source.walk(deepest)) {
    for (const file of files) {
      const name = folder === '' ? file : `${folder}/${file}`;
      const kind = unread.find((one) => one.name.test(file));
      if (kind && !found.has(kind.name)) found.set(kind.name, `${kind.what(name)}.`);
      if (/\.xml$/i.test(file)) xml ??= name;
    }
  }
  if (xml !== null && (await startsLikeVoc(await source.file(xml))))
    found.set(/voc/, `${xml} is an annotation of Pascal VOC, which is not read: ${annotated}.`);
  return [...found.values()].slice(0, mostHints);
}

async function startsLikeVoc(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(512);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return /<annotation[\s>]/i.test(head.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
}
