import { InvalidInputError } from '../../errors.js';
import { croppedPicture } from '../images/made-images.js';
import { checkCodes, codeReader, type CodeReader, knownCodes } from '../sources/class-codes.js';
import { PictureFinder } from '../sources/picture-finder.js';
import { type HeldOut, heldOut, heldOutChoices, heldOutOptions, splitOfGroup } from '../sources/held-out.js';
import { imageInside } from '../../storage/file-inside.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { countLines, firstLine, textLines } from '../sources/text-lines.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const labelFiles = ['label.lst', 'label/label.lst', 'data/label/label.lst'];
const labelFileName = /^labels?\.(lst|txt)$/i;
const imageFolders = ['origin', 'image/origin', 'data/image/origin', 'image', 'images'];
/** `image_name face_id top left right bottom confidence label`. */
const fields = 8;

const options: readonly ImporterOption[] = [
  {
    flag: 'minimum-confidence',
    value: 'number',
    description: 'of the face box; rows below are left out',
    default: '0',
  },
  ...heldOutOptions,
];

interface Reading {
  source: SourceDirectory;
  pictures: PictureFinder;
  folders: readonly string[];
  reader: CodeReader;
  minimumConfidence: number;
  shares: HeldOut;
}

/**
 * ExpW (Zhang et al. 2018): label.lst with a box a face, which is cut out of its picture. All faces of a picture are in
 * one split.
 */
export const expw: Importer = {
  summary: 'ExpW: label.lst with a box for each face, cut out of its picture',
  options,
  async layout(source) {
    const found = await listOf(source);
    const line = found && (await firstLine(await source.file(found)));
    return [
      {
        what: 'label.lst with lines "image face_id top left right bottom confidence label"',
        found: line && isFace(line) ? `${found}, "${line}"` : null,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const name = await listOf(source);
    if (name === null)
      throw new InvalidInputError('directory', 'the file label.lst', `no such file in ${source.shownAs}`);
    const minimumConfidence = Number(chosen['minimum-confidence']);
    if (!Number.isFinite(minimumConfidence))
      throw new InvalidInputError('minimum-confidence', 'a number', chosen['minimum-confidence']);
    const file = await source.file(name);
    const folder = await source.firstDirectory(imageFolders);
    const pictures = new PictureFinder(source);
    const reader = codeReader(knownCodes.fer2013, chosen['classes']);
    checkCodes(await codesIn(file), reader.codes, 'ExpW');
    const reading: Reading = {
      source,
      pictures,
      folders: folder === null ? [''] : [folder, ''],
      reader,
      minimumConfidence,
      shares: heldOut(chosen),
    };
    const choices = { 'minimum-confidence': chosen['minimum-confidence']!, ...heldOutChoices(chosen) };
    return {
      description: {
        format: 'expw',
        source: source.shownAs,
        imageRoot: source.root,
        classes: reader.classes,
        choices: { ...choices, ...reader.choices },
        expectedItems: await countLines(file),
        makesImages: true,
      },
      async *items() {
        pictures.begin();
        for await (const { text, line } of textLines(file))
          yield await itemOf({ file: name, line }, text.trim().split(/\s+/), reading);
      },
      notes: () => pictures.notes(),
    };
  },
};

/** A name, which may hold blanks, and seven numbers. */
function isFace(line: string): boolean {
  const words = line.trim().split(/\s+/);
  return words.length >= fields && words.slice(1 - fields).every((word) => Number.isFinite(Number(word)));
}

async function listOf(source: SourceDirectory): Promise<string | null> {
  const usual = await source.firstFile(labelFiles);
  if (usual !== null) return usual;
  for (const name of await source.find(labelFileName)) {
    const line = await firstLine(await source.file(name));
    if (line !== null && isFace(line)) return name;
  }
  return null;
}

/** Code -> lines. */
async function codesIn(file: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const { text } of textLines(file)) {
    const words = text.trim().split(/\s+/);
    if (words.length < fields) continue;
    const code = words.at(-1)!;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return counts;
}

async function itemOf(
  origin: { file: string; line: number },
  all: string[],
  { source, pictures, folders, reader, minimumConfidence, shares }: Reading,
): Promise<ImportItem> {
  // A file's name may hold blanks.
  const words = all.length > fields ? [all.slice(0, 1 - fields).join(' '), ...all.slice(1 - fields)] : all;
  const [name, face] = words as [string, string];
  const skip = (reason: string, detail?: string): ImportItem => ({
    skipped: { ...origin, key: name ?? null, reason, ...(detail !== undefined && { detail }) },
  });
  if (words.length !== fields) return skip('the line has not eight fields', `found ${words.length}`);
  const [top, left, right, bottom, confidence] = words.slice(2, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (![top, left, right, bottom, confidence].every(Number.isFinite))
    return skip('the box is none', words.slice(2, 7).join(' '));
  if (right <= left || bottom <= top)
    return skip('the box is none', `top ${top}, left ${left}, right ${right}, bottom ${bottom}`);
  if (confidence < minimumConfidence) return skip('the confidence of the box is too low');
  const rawLabel = words[7];
  const givenLabelIndex = reader.indexOf(rawLabel);
  if (givenLabelIndex < 0) return skip('the label is no code of ExpW', `expected ${reader.range}, found "${rawLabel}"`);
  const { path: imagePath, hint } = await pictures.find(name, { folders });
  const image = async (): Promise<Buffer> =>
    croppedPicture(await imageInside(source.root, imagePath), { left, top, right, bottom });
  return {
    record: {
      key: `${name}#${face}`,
      split: splitOfGroup(name, shares),
      imagePath,
      image,
      rawLabel,
      givenLabelIndex,
      ...(hint !== undefined && { imageHint: hint }),
    },
    origin,
  };
}
