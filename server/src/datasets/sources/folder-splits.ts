import { InvalidInputError } from '../../errors.js';
import { randomFrom, seedOf, shuffle } from '../../random.js';
import { Split } from '../../split.js';
import type { ClassFolder } from './class-folder-names.js';
import { filesIn, type FolderTree } from './class-folders.js';
import { isImageName } from './image-names.js';

export interface FolderSplitter {
  /**
   * Which split each file of a folder belongs to, by its name; null where a subject is needed and the name has none.
   */
  within(folder: ClassFolder, names: readonly string[]): (name: string) => Split | null;
}

export interface FolderSplitting {
  seed: number;
  /** Shares of the images of each class, or of the subjects. */
  validation: number;
  test: number;
  subjectOf: ((name: string) => string | null) | null;
}

/**
 * Folders that name splits decide. Otherwise a seeded draw does: of each class the same share, or, where subjects are
 * known, of all subjects, so
 * that no subject is in two splits. @throws InvalidInputError when the given splits share a subject.
 */
export async function splitterOf(tree: FolderTree, splitting: FolderSplitting): Promise<FolderSplitter> {
  const { subjectOf } = splitting;
  if (tree.hasSplits) {
    if (subjectOf) await checkSubjectsApart(tree, subjectOf);
    return { within: (folder) => () => folder.split };
  }
  if (subjectOf) {
    const splits = drawn(await subjectsOf(tree, subjectOf), splitting, `${splitting.seed}:subjects`);
    return { within: () => (name) => splits.get(subjectOf(name) ?? '') ?? null };
  }
  return {
    within(folder, names) {
      const splits = drawn(names.filter(isImageName), splitting, `${splitting.seed}:${folder.rawLabel}`);
      return (name) => splits.get(name) ?? Split.TRAIN;
    },
  };
}

/** Exact counts: the shares of the names, rounded. */
function drawn(names: readonly string[], { validation, test }: FolderSplitting, seed: string): Map<string, Split> {
  const order = shuffle([...names], randomFrom(seedOf(seed)));
  const testEnd = Math.round(order.length * test);
  const validationEnd = testEnd + Math.round(order.length * validation);
  return new Map(
    order.map((name, place) => [
      name,
      place < testEnd ? Split.TEST : place < validationEnd ? Split.VALIDATION : Split.TRAIN,
    ]),
  );
}

async function subjectsOf(tree: FolderTree, subjectOf: (name: string) => string | null): Promise<string[]> {
  const subjects = new Set<string>();
  for (const folder of tree.folders) {
    for (const name of await filesIn(tree.source, folder)) {
      const subject = isImageName(name) ? subjectOf(name) : null;
      if (subject !== null) subjects.add(subject);
    }
  }
  return [...subjects].sort();
}

async function checkSubjectsApart(tree: FolderTree, subjectOf: (name: string) => string | null): Promise<void> {
  const splits = new Map<string, Split>();
  for (const folder of tree.folders) {
    for (const name of await filesIn(tree.source, folder)) {
      const subject = isImageName(name) ? subjectOf(name) : null;
      if (subject === null) continue;
      const earlier = splits.get(subject);
      if (earlier && earlier !== folder.split)
        throw new InvalidInputError(
          'subject-pattern',
          'subjects that stay within one split',
          `${subject} in ${earlier} and ${folder.split}`,
        );
      splits.set(subject, folder.split!);
    }
  }
}
