import { InvalidInputError } from '../../errors.js';
import { fer2013Classes } from '../sources/fer2013-classes.js';
import { classFolderItems, countEntries, hasExactly, type NamedFolder } from '../sources/named-folders.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { Split } from '../../split.js';
import { completeOptions, type Importer, type ImporterOption, type ImportSource } from './importer.js';

const options: readonly ImporterOption[] = [
  {
    flag: 'validation-as',
    value: 'split',
    description: 'what Val serves as: the labels of Test are not public',
    choices: ['test', 'validation'],
    default: 'test',
  },
];

/** SFEW 2.0 (Dhall et al. 2015): `Train/<Class>/*` and `Val/<Class>/*`; Val serves as test. */
export const sfew: Importer = {
  summary: 'SFEW 2.0: Train/<Class>/* and Val/<Class>/*, Val serves as test',
  options,
  async layout(source) {
    // Written like this: a generic folder "train" with other classes or other letters is no SFEW.
    const complete = async (name: string): Promise<string | null> =>
      (await source.list()).folders.includes(name) && (await hasExactly(source, name, fer2013Classes))
        ? `${name} with the seven expressions`
        : null;
    return [
      { what: 'Train with a folder for each of the seven expressions', found: await complete('Train') },
      { what: 'Val with a folder for each of the seven expressions', found: await complete('Val') },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const folders = await splitFolders(
      source,
      chosen['validation-as'] === 'validation' ? Split.VALIDATION : Split.TEST,
    );
    const choices = { 'validation-as': chosen['validation-as']! };
    return {
      description: {
        format: 'sfew',
        source: source.shownAs,
        imageRoot: source.root,
        classes: fer2013Classes,
        choices,
        expectedItems: await countEntries(source, folders),
      },
      items: () => classFolderItems(source, folders, fer2013Classes),
    };
  },
};

async function splitFolders(source: SourceDirectory, heldOut: Split): Promise<NamedFolder[]> {
  const { folders } = await source.list();
  const find = (name: string): string | undefined => folders.find((folder) => folder.toLowerCase() === name);
  const [train, val] = [find('train'), find('val')];
  if (train === undefined || val === undefined)
    throw new InvalidInputError('directory', 'the folders Train and Val', folders);
  return [
    { path: train, split: Split.TRAIN },
    { path: val, split: heldOut },
  ];
}
