import { InvalidInputError } from '../../errors.js';
import type { ClassFolder } from '../sources/class-folder-names.js';
import { filesIn, folderTree, notAnImage } from '../sources/class-folders.js';
import { splitterOf } from '../sources/folder-splits.js';
import { heldOut, heldOutChoices, heldOutOptions } from '../sources/held-out.js';
import { isImageName } from '../sources/image-names.js';
import { className } from '../sources/class-names.js';
import { completeOptions, type Importer, type ImportItem, type ImportSource } from './importer.js';

const classes = ['anger', 'contempt', 'disgust', 'fear', 'happiness', 'sadness', 'surprise'] as const;
/** `S010_004_00000017.png`: subject, sequence, frame. */
const frameName = /^(S\d{3})_\d+_\d+\./i;

/**
 * CK+48 (Lucey et al. 2010): `<class>/S010_004_00000017.png`. Three frames of a sequence are near-copies, so that
 * subjects, never images, are split.
 */
export const ckPlus: Importer = {
  summary: 'CK+48: <class>/S010_004_00000017.png, split by subject',
  options: heldOutOptions,
  async layout(source) {
    const { folders } = await source.list();
    const known = folders.filter((name) => (classes as readonly string[]).includes(className(name)));
    let example: string | null = null;
    for (const name of known) example ??= (await source.list(name)).files.find((file) => frameName.test(file)) ?? null;
    return [
      {
        what: 'folders of the seven expressions with contempt',
        found: known.length >= 2 && known.length === folders.length ? known.join(', ') : null,
      },
      { what: 'images named like S010_004_00000017.png', found: example },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options: heldOutOptions }, given);
    const tree = await folderTree(source);
    if (tree.hasSplits)
      throw new InvalidInputError('directory', `a folder for each of ${classes.join(', ')}`, 'folders of splits');
    const splitter = await splitterOf(tree, { ...heldOut(chosen), subjectOf });
    return {
      description: {
        format: 'ck-plus',
        source: source.shownAs,
        imageRoot: source.root,
        classes,
        choices: heldOutChoices(chosen),
        expectedItems: tree.files,
      },
      async *items() {
        for (const stray of tree.strays) yield skipped(stray, 'not in the folder of a class');
        for (const folder of tree.folders) {
          const splitOf = splitter.within(folder, []);
          for (const name of await filesIn(source, folder)) yield itemOf(folder, name, splitOf);
        }
      },
    };
  },
};

function itemOf(
  { path, rawLabel, className: name }: ClassFolder,
  file: string,
  splitOf: (name: string) => ReturnType<ReturnType<Awaited<ReturnType<typeof splitterOf>>['within']>>,
): ImportItem {
  const key = `${path}/${file}`;
  const givenLabelIndex = (classes as readonly string[]).indexOf(name);
  const split = splitOf(file);
  if (!isImageName(file)) return skipped(key, notAnImage(file));
  if (givenLabelIndex < 0)
    return skipped(
      key,
      'the folder is no class of the data set',
      `expected ${classes.join(', ')}, found "${rawLabel}"`,
    );
  const subject = subjectOf(file);
  if (subject === null || split === null)
    return skipped(key, 'no subject in the file name', 'expected a name like S010_004_00000017.png');
  return {
    record: { key, split, imagePath: key, rawLabel, givenLabelIndex, subject },
    origin: { file: key, line: null },
  };
}

function subjectOf(name: string): string | null {
  return frameName.exec(name)?.[1]?.toUpperCase() ?? null;
}

function skipped(file: string, reason: string, detail?: string): ImportItem {
  return { skipped: { file, line: null, key: file, reason, ...(detail !== undefined && { detail }) } };
}
