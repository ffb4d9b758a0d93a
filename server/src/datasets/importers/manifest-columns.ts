import { tableDelimiters } from '../sources/csv-table.js';

export type Field = 'path' | 'key' | 'label' | 'cleanLabel' | 'split' | 'subject' | 'rater';

/**
 * Names of columns without blanks, `_`, `-` and letters' case; where several stand in a table the first of the list
 * counts.
 */
const names: Readonly<Record<Field, readonly string[]>> = {
  path: [
    'path',
    'imagepath',
    'imgpath',
    'filepath',
    'picturepath',
    'photopath',
    'relativepath',
    'relpath',
    'fullpath',
    'imagefilepath',
    'imagefile',
    'imgfile',
    'imagefilename',
    'imgfilename',
    'filename',
    'file',
    'imagename',
    'imgname',
    'picturename',
    'photoname',
    'image',
    'img',
    'images',
    'picture',
    'photo',
    'pic',
    'face',
    'pth',
    'fname',
    'fpath',
    'fn',
    'subdirectoryfilepath',
    'imageid',
    'imgid',
    'name',
    'src',
    'url',
    'uri',
    'location',
  ],
  key: ['key', 'id', 'sampleid', 'uid', 'uuid'],
  label: [
    'givenlabel',
    'labelname',
    'classname',
    'emotionname',
    'expressionname',
    'categoryname',
    'label',
    'emotionlabel',
    'expressionlabel',
    'class',
    'emotion',
    'expression',
    'emotions',
    'labels',
    'classes',
    'category',
    'target',
    'targetname',
    'sentiment',
    'emo',
    'expr',
    'exp',
    'y',
    'tag',
    'gt',
    'groundtruth',
    'annotation',
    'labelid',
    'classid',
    'labelidx',
    'classidx',
    'labelindex',
    'classindex',
    'categoryid',
    'emotionid',
    'emotioncode',
    'expressioncode',
    'facialexpression',
    'facialemotion',
    'rating',
    'choice',
    'response',
    'answer',
  ],
  cleanLabel: ['cleanlabel', 'clean', 'truelabel'],
  split: ['split', 'phase', 'usage', 'set', 'subset', 'partition', 'fold', 'datasplit', 'dataset', 'mode', 'stage'],
  subject: ['subject', 'subjectid', 'person', 'personid', 'identity', 'identityid', 'actor', 'actorid'],
  rater: [
    'rater',
    'raterid',
    'annotator',
    'annotatorid',
    'worker',
    'workerid',
    'participant',
    'participantid',
    'coder',
    'coderid',
    'labeler',
    'labelerid',
    'labeller',
    'labellerid',
    'user',
    'userid',
    'observer',
    'observerid',
    'judge',
    'judgeid',
    'turker',
    'turkerid',
    'respondent',
    'respondentid',
    'voter',
    'voterid',
  ],
};
export const fieldNames = Object.keys(names) as Field[];
const votesColumn = /^votes?[ :._-]+(.+)$/i;
const distributionColumn = /^(?:p|prob|probability|dist|distribution)[ :._-]+(.+)$/i;
const raterWords =
  'rater|annotator|participant|coder|worker|labell?er|observer|judge|turker|respondent|voter|expert|ann';
const raterColumn = new RegExp(`^(?:${raterWords})s?(?:[ :._-]*\\d+|[ :._-]+.+)$`, 'i');

/** What a person may say of a table's columns: names, or numbers from 1. */
export interface ColumnChoice {
  path?: string | undefined;
  label?: string | undefined;
  split?: string | undefined;
}

/** Columns without a meaning that are kept beside each sample. */
const mostOthers = 20;

export interface Columns {
  fields: Partial<Record<Field, number>>;
  votes: [name: string, place: number][];
  distribution: [name: string, place: number][];
  raters: [name: string, place: number][];
  /** Columns with a name and no meaning here. */
  others: [name: string, place: number][];
  /** The first line is a row: the columns have no names. */
  headless: boolean;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_.:-]+/g, '');
}

/** What the columns of a header mean; of a first line that is a row, by what stands in it. */
export function columnsOf(header: readonly string[], choice: ColumnChoice = {}): Columns {
  const headless = header.some(looksLikePicture);
  const fields: Partial<Record<Field, number>> = {};
  const chosen = { path: choice.path, label: choice.label, split: choice.split } as Partial<
    Record<Field, string | undefined>
  >;
  for (const field of fieldNames) {
    const place =
      chosen[field] === undefined ? (headless ? -1 : placeOf(header, field)) : chosenPlace(header, chosen[field]);
    if (place >= 0) fields[field] = place;
  }
  if (headless)
    return {
      fields: { ...headlessFields(header), ...fields },
      votes: [],
      distribution: [],
      raters: [],
      others: [],
      headless,
    };
  const taken = new Set(Object.entries(fields).flatMap(([field, place]) => (field === 'rater' ? [] : [place])));
  const matching = (pattern: RegExp, whole = false): [string, number][] =>
    header.flatMap((column, place): [string, number][] => {
      const match = taken.has(place) ? null : pattern.exec(column);
      return match ? [[whole ? column : match[1], place]] : [];
    });
  const raters = matching(raterColumn, true).filter(([, place]) => place !== fields.rater);
  const [votes, distribution] = [matching(votesColumn), matching(distributionColumn)];
  const meant = new Set([...taken, ...[...votes, ...distribution, ...raters].map(([, place]) => place)]);
  const others = header.flatMap((column, place): [string, number][] =>
    column.trim() === '' || meant.has(place) || place === fields.rater ? [] : [[column.trim(), place]],
  );
  return { fields, votes, distribution, raters, others: others.slice(0, mostOthers), headless };
}

function placeOf(header: readonly string[], field: Field): number {
  const bared = header.map(bare);
  for (const name of names[field]) {
    const place = bared.indexOf(name);
    if (place >= 0) return place;
  }
  return -1;
}

/** A name in any case, or a number from 1; below 0 for none. */
function chosenPlace(header: readonly string[], chosen: string): number {
  const place = header.findIndex((column) => column.toLowerCase() === chosen.trim().toLowerCase());
  if (place >= 0 || !/^\d+$/.test(chosen.trim())) return place;
  return Number(chosen) >= 1 && Number(chosen) <= header.length ? Number(chosen) - 1 : -1;
}

function looksLikePicture(cell: string): boolean {
  return /[^\s.]\.(jpe?g|png|webp|tiff?|bmp)$/i.test(cell.trim());
}

/** Without names: the column of pictures, and, of two, the other one. */
function headlessFields(cells: readonly string[]): Partial<Record<Field, number>> {
  const path = cells.findIndex(looksLikePicture);
  return cells.length === 2 ? { path, label: 1 - path } : { path };
}

/** Whether the columns make a manifest: a path, and something that gives a label. */
export function isManifest({ fields, votes, distribution, raters }: Columns): boolean {
  return fields.path !== undefined && givesLabels({ fields, votes, distribution, raters });
}

export function givesLabels({ fields, votes, distribution, raters }: Omit<Columns, 'headless' | 'others'>): boolean {
  return fields.label !== undefined || votes.length + distribution.length + raters.length > 0;
}

/** What a header lacks of a manifest, in words; null where nothing. */
export function lackOf(header: readonly string[], columns: Columns): string | null {
  const shown = header
    .slice(0, 12)
    .map((name) => `"${name.slice(0, 30)}"`)
    .join(', ');
  if (columns.headless && columns.fields.label === undefined)
    return `it has no header, and ${header.length} columns (${shown}): say which one is the label, --label-column 2`;
  const missing = [
    ...(columns.fields.path === undefined ? ['the path of a picture (--path-column NAME)'] : []),
    ...(givesLabels(columns) ? [] : ['a label (--label-column NAME)']),
  ];
  return missing.length === 0 ? null : `no column is known for ${missing.join(' and ')} among ${shown}`;
}

export const delimiters = `${tableDelimiters} `;
export const isJsonLines = (name: string): boolean => /\.(jsonl|ndjson)$/i.test(name);
