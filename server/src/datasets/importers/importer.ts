import { InvalidInputError } from '../../errors.js';
import type { SkippedRow } from '../imports/import-report.js';
import { classesOption } from '../sources/class-codes.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import type { Split } from '../../split.js';

/** What one rater chose. */
export interface Rating {
  /**
   * As the source calls who it was; the same name is the same rater throughout the data set. Null where it does not
   * say.
   */
  rater: string | null;
  /** Index into `ImportDescription.classes`. */
  label: number;
}

/** A sample as its source describes it. */
export interface ImportRecord {
  /** Unique within the source. */
  key: string;
  split: Split;
  /** Relative to `ImportDescription.imageRoot`, with forward slashes. With `image`: not read, only named. */
  imagePath: string;
  /**
   * The bytes of an image that is no file of its own, such as pixels in a csv or a box in a larger picture (see
   * `made-images.ts`). Called once. Only
   * where the description says `makesImages`, and then for every record; these images are kept in the content store,
   * whatever the user chose.
   */
  image?: () => Promise<Uint8Array>;
  /** What a person has to know where no image is found at `imagePath`. */
  imageHint?: string;
  /** The label as the source writes it; null where it has none (votes alone). */
  rawLabel: string | null;
  /** Index into `ImportDescription.classes`, as all labels. */
  givenLabelIndex: number;
  cleanLabelIndex?: number | null;
  /** Raters who chose each class, `[C]`. */
  votes?: readonly number[];
  outsideVotes?: Readonly<Record<string, number>>;
  /** Who chose what, where the source says; `votes` counts the same choices. */
  ratings?: readonly Rating[];
  /** `[C]`, summing to 1. */
  trueDistribution?: readonly number[];
  subject?: string | null;
  /** Further columns of the source, by name. */
  attributes?: Readonly<Record<string, string>>;
  /** Activation in [0, 1] of facial action units, by number, where they are known. */
  actionUnits?: Readonly<Record<number, number>>;
}

export type ImportItem =
  | { record: ImportRecord; origin: { file: string; line: number | null } }
  | { skipped: SkippedRow };

export interface ImportDescription {
  /** Name of the importer. */
  format: string;
  /** What was read, as the user named it. */
  source: string;
  /** Absolute. */
  imageRoot: string;
  classes: readonly string[];
  choices: Readonly<Record<string, string>>;
  /** How many items will come, where that is known beforehand: for progress only. */
  expectedItems: number | null;
  /** Every record brings the bytes of its `image`. */
  makesImages?: boolean;
}

/** Something that samples can be read from, once or more; each reading gives the same items in the same order. */
export interface ImportSource {
  description: ImportDescription;
  items(): AsyncIterable<ImportItem>;
  /** What a person should know of what was read: asked after all items have come. */
  notes?(): readonly string[];
}

export interface ImporterOption {
  /** As on the command line, without dashes: `vote-rule`. */
  flag: string;
  /** Placeholder in the help: `rule`. */
  value: string;
  description: string;
  /** The only values accepted, where not any text is. */
  choices?: readonly string[];
  default?: string;
}

export type ImporterOptions = Readonly<Record<string, string | undefined>>;

/** Something that directories of a layout have. */
export interface LayoutPart {
  /** In words: `EmoLabel/list_patition_label.txt`. */
  what: string;
  /** What was found of it, in words; null where it is missing. */
  found: string | null;
  /** What stands there instead, where it is missing and something does. */
  instead?: string | null;
}

export interface Importer {
  /** One line for the help. */
  summary: string;
  options: readonly ImporterOption[];
  /** What makes this layout: a directory has it when every part was found. Looks at names and first lines only. */
  layout(source: SourceDirectory): Promise<LayoutPart[]>;
  /** @throws InvalidInputError when the directory does not have the layout or an option is wrong. */
  open(source: SourceDirectory, options: ImporterOptions): Promise<ImportSource>;
}

/** Those of the importer and those that every importer has. */
export function optionsOf({ options }: Pick<Importer, 'options'>): readonly ImporterOption[] {
  return options.some(({ flag }) => flag === classesOption.flag) ? options : [...options, classesOption];
}

/**
 * The given options with defaults filled in. @throws InvalidInputError for an option the importer does not have and for
 * a value it does not accept.
 */
export function completeOptions(importer: Pick<Importer, 'options'>, given: ImporterOptions): ImporterOptions {
  const options = optionsOf(importer);
  const flags = options.map((option) => option.flag);
  for (const flag of Object.keys(given)) {
    if (!flags.includes(flag))
      throw new InvalidInputError(flag, `an option of this importer (${flags.join(', ')})`, flag);
  }
  const complete = options.map(({ flag, choices, default: fallback }) => {
    const value = given[flag] ?? fallback;
    if (value !== undefined && choices && !choices.includes(value))
      throw new InvalidInputError(flag, choices.join(' or '), value);
    return [flag, value] as const;
  });
  return Object.fromEntries(complete);
}
