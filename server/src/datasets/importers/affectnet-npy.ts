import { readFile } from 'node:fs/promises';
import { InvalidInputError, messageOf } from '../../errors.js';
import { npyScalar } from '../sources/npy.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitNamed } from '../sources/split-names.js';
import { Split } from '../../split.js';
import { type AffectnetChoice, affectnetChoice, affectnetLabel, affectnetOptions } from './affectnet-classes.js';
import { completeOptions, type Importer, type ImportItem, type ImportSource } from './importer.js';

const sets = ['train_set', 'val_set'] as const;
const annotation = /^(.+)_exp\.npy$/;
/** Annotations read ahead of the one that is due: each is a small file. */
const readAtOnce = 32;

/** AffectNet, the later release: `{train_set,val_set}/images/<id>.jpg` with `annotations/<id>_exp.npy`. */
export const affectnetNpy: Importer = {
  summary: 'AffectNet: train_set and val_set with annotations/<id>_exp.npy',
  options: affectnetOptions,
  async layout(source) {
    const found: string[] = [];
    for (const set of sets)
      if (
        (await source.kindOf(`${set}/annotations`)) === 'directory' &&
        (await source.kindOf(`${set}/images`)) === 'directory'
      )
        found.push(set);
    return [{ what: 'train_set or val_set with the folders images and annotations', found: found.join(', ') || null }];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options: affectnetOptions }, given);
    const choice = affectnetChoice(chosen);
    const names = new Map<string, string[]>();
    for (const set of sets)
      if ((await source.kindOf(`${set}/annotations`)) === 'directory')
        names.set(
          set,
          (await source.list(`${set}/annotations`)).files.filter((name) => annotation.test(name)),
        );
    const expectedItems = [...names.values()].reduce((sum, list) => sum + list.length, 0);
    if (expectedItems === 0)
      throw new InvalidInputError(
        'directory',
        'train_set/annotations or val_set/annotations with <id>_exp.npy',
        `none of them in ${source.shownAs}`,
      );
    return {
      description: {
        format: 'affectnet-npy',
        source: source.shownAs,
        imageRoot: source.root,
        classes: choice.classes,
        choices: choice.choices,
        expectedItems,
      },
      async *items() {
        for (const [set, list] of names) {
          for (let start = 0; start < list.length; start += readAtOnce)
            yield* await Promise.all(
              list.slice(start, start + readAtOnce).map((name) => itemOf(source, set, name, choice)),
            );
        }
      },
    };
  },
};

async function itemOf(
  source: SourceDirectory,
  set: string,
  name: string,
  choice: AffectnetChoice,
): Promise<ImportItem> {
  const id = annotation.exec(name)![1];
  const file = `${set}/annotations/${name}`;
  const key = `${set}/${id}`;
  const skip = (reason: string, detail?: string): ImportItem => ({
    skipped: { file, line: null, key, reason, ...(detail !== undefined && { detail }) },
  });
  const code = await source
    .file(file)
    .then((resolved) => readFile(resolved))
    .then(npyScalar)
    .catch((error: unknown) => ({ problem: messageOf(error) }));
  if (typeof code !== 'string') return skip('the annotation cannot be read', code.problem);
  const label = affectnetLabel(code, choice);
  if ('reason' in label) return skip(label.reason, label.detail);
  const imagePath =
    (await source.firstFile(['.jpg', '.png', '.jpeg', '.JPG'].map((ending) => `${set}/images/${id}${ending}`))) ??
    `${set}/images/${id}.jpg`;
  return {
    record: {
      key,
      split: splitNamed(set) === Split.TRAIN ? Split.TRAIN : choice.heldOut,
      imagePath,
      rawLabel: code,
      givenLabelIndex: label.index,
    },
    origin: { file, line: null },
  };
}
