import { InvalidInputError } from '../../errors.js';
import { croppedPicture } from '../images/made-images.js';
import { fer2013Classes, fer2013Code } from '../sources/fer2013-classes.js';
import { type HeldOut, heldOut, heldOutChoices, heldOutOptions, splitOfGroup } from '../sources/held-out.js';
import { imageFile, type SourceDirectory } from '../sources/source-directory.js';
import { countLines, firstLine, textLines } from '../sources/text-lines.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const labelFiles = ['label.lst', 'label/label.lst', 'data/label/label.lst'];
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
  folder: string;
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
    const found = await source.firstFile(labelFiles);
    const line = found && (await firstLine(await source.file(found)));
    return [
      {
        what: 'label.lst with lines "image face_id top left right bottom confidence label"',
        found: line && line.trim().split(/\s+/).length === fields ? `${found}, "${line}"` : null,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const name = await source.firstFile(labelFiles);
    if (name === null)
      throw new InvalidInputError('directory', 'the file label.lst', `no such file in ${source.shownAs}`);
    const minimumConfidence = Number(chosen['minimum-confidence']);
    if (!Number.isFinite(minimumConfidence))
      throw new InvalidInputError('minimum-confidence', 'a number', chosen['minimum-confidence']);
    const file = await source.file(name);
    const folder = await source.firstDirectory(imageFolders);
    const reading: Reading = {
      folder: folder === null ? '' : `${folder}/`,
      minimumConfidence,
      shares: heldOut(chosen),
    };
    const choices = { 'minimum-confidence': chosen['minimum-confidence']!, ...heldOutChoices(chosen) };
    return {
      description: {
        format: 'expw',
        source: source.shownAs,
        imageRoot: source.root,
        classes: fer2013Classes,
        choices,
        expectedItems: await countLines(file),
        makesImages: true,
      },
      async *items() {
        for await (const { text, line } of textLines(file))
          yield itemOf(source, { file: name, line }, text.trim().split(/\s+/), reading);
      },
    };
  },
};

function itemOf(
  source: SourceDirectory,
  origin: { file: string; line: number },
  words: string[],
  { folder, minimumConfidence, shares }: Reading,
): ImportItem {
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
  const givenLabelIndex = fer2013Code(words[7]!);
  if (givenLabelIndex < 0) return skip('the label is no code of ExpW', `expected 0 to 6, found "${words[7]}"`);
  const imagePath = `${folder}${name}`;
  const image = async (): Promise<Buffer> =>
    croppedPicture(await imageFile(source.root, imagePath), { left, top, right, bottom });
  return {
    record: {
      key: `${name}#${face}`,
      split: splitOfGroup(name, shares),
      imagePath,
      image,
      rawLabel: words[7]!,
      givenLabelIndex,
    },
    origin,
  };
}
