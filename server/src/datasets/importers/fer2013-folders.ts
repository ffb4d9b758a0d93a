import { InvalidInputError } from '../../errors.js';
import { fer2013Classes } from '../sources/fer2013-classes.js';
import { classFolderItems, countEntries, hasExactly, type NamedFolder } from '../sources/named-folders.js';
import { splitNamed } from '../sources/split-names.js';
import { completeOptions, type Importer, type ImportSource } from './importer.js';

/** FER2013 as image folders: `train|test/<class>/*`. The numbers in their names are no rows of the csv. */
export const fer2013Folders: Importer = {
  summary: 'FER2013 as folders: train|test/<class>/*',
  options: [],
  async layout(source) {
    const { folders } = await source.list();
    // With a folder more it is some other data set, whose splits are its own.
    const complete = async (name: string): Promise<string | null> =>
      folders.length === 2 && folders.includes(name) && (await hasExactly(source, name, fer2013Classes))
        ? `${name} with the seven expressions`
        : null;
    return [
      {
        what: 'train, beside test alone, with a folder for each of the seven expressions',
        found: await complete('train'),
      },
      { what: 'test with a folder for each of the seven expressions', found: await complete('test') },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    completeOptions({ options: [] }, given);
    const folders = (await source.list()).folders.flatMap((path): NamedFolder[] => {
      const split = splitNamed(path);
      return split === null ? [] : [{ path, split }];
    });
    if (folders.length === 0) throw new InvalidInputError('directory', 'the folders train and test', source.shownAs);
    return {
      description: {
        format: 'fer2013-folders',
        source: source.shownAs,
        imageRoot: source.root,
        classes: fer2013Classes,
        choices: {},
        expectedItems: await countEntries(source, folders),
      },
      items: () => classFolderItems(source, folders, fer2013Classes),
    };
  },
};
