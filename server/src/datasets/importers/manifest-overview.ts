import { InvalidInputError } from '../../errors.js';
import { splitNamed } from '../sources/split-names.js';
import { boxName } from './manifest-boxes.js';
import type { ColumnChoice } from './manifest-columns.js';
import type { ManifestRow, ManifestTable } from './manifest-row.js';
import { manifestRows } from './manifest-rows.js';

/** More different labels than this are no classes but free text, or a wrong column. */
const mostClasses = 1000;
/** Of tables with more rows it is not looked at whether pictures stand in several. */
const mostCompared = 2_000_000;

export interface ManifestTables {
  tables: readonly ManifestTable[];
  choice: ColumnChoice;
}

export interface ManifestOverview {
  /** As the tables write them, votes for no class left out. */
  labels: ReadonlySet<string>;
  hasSplits: boolean;
  /** How many pictures there are, where each row is a rating; else null. */
  ratedPictures: number | null;
  /** Rows have boxes, and pictures stand in several rows with another box each. */
  hasFaces: boolean;
  hasBoxes: boolean;
  /** What is wrong with the first row that cannot be used, where none can be. */
  problem: string | null;
  notes: readonly string[];
}

/**
 * Reads the tables once for what has to be known before the first row: labels, splits, and whether a row is a picture
 * or a rating. Holds none of the rows.
 */
export async function overview(
  { tables, choice }: ManifestTables,
  outside: ReadonlySet<string>,
): Promise<ManifestOverview> {
  const labels = new Set<string>();
  const rowsOfPicture = new Map<string, number>();
  const boxOfPicture = new Map<string, string>();
  let problem: string | null = null;
  let [boxes, otherBoxes] = [0, 0];
  const splits = { named: 0, unknown: new Set<string>() };
  let [rows, keyed, withRater] = [0, 0, 0];
  for (const table of tables) {
    for await (const row of manifestRows(table, choice)) {
      if (row.problem !== null) {
        problem ??= `${table.shownAs}:${row.line}: ${row.problem}`;
        continue;
      }
      rows++;
      if (row.key !== null || row.votes !== null || row.distribution !== null || row.ratings !== null) keyed++;
      if (row.rater !== null && row.label !== null) withRater++;
      if (row.split !== null && splitNamed(row.split) === null) splits.unknown.add(row.split);
      else if (row.split !== null) splits.named++;
      const picture = pictureOf(row);
      if (row.box !== null) boxes++;
      if (rows <= mostCompared) {
        rowsOfPicture.set(picture, (rowsOfPicture.get(picture) ?? 0) + 1);
        if (row.box !== null) {
          const name = boxName(row.box);
          if ((boxOfPicture.get(picture) ?? name) !== name) otherBoxes++;
          boxOfPicture.set(picture, name);
        }
      }
      for (const label of labelsOf(row)) if (!outside.has(label.toLowerCase())) labels.add(label);
      if (labels.size > mostClasses)
        throw new InvalidInputError(
          'table',
          `at most ${mostClasses} classes in ${table.shownAs}`,
          `more by line ${row.line}, such as "${[...labels].slice(0, 3).join('", "')}"`,
        );
    }
  }
  const hasSplits = splits.named > 0 || (tables.length > 1 && tables.every(({ split }) => split !== null));
  const repeated = [...rowsOfPicture.values()].filter((count) => count > 1).length;
  const hasFaces = otherBoxes > 0 && withRater <= rows / 2;
  const isRated =
    !hasFaces &&
    repeated > 0 &&
    rows <= mostCompared &&
    (withRater > rows / 2 || (keyed === 0 && repeated > 1 && repeated * 2 >= rowsOfPicture.size));
  return {
    labels,
    hasSplits,
    ratedPictures: isRated ? rowsOfPicture.size : null,
    hasFaces,
    hasBoxes: boxes > rows / 2,
    problem: rows === 0 ? problem : null,
    notes: notesOf({ tables, splits, hasSplits, isRated, withRater, rows, pictures: rowsOfPicture.size }),
  };
}

/** Pictures of tables in different folders, or of different splits, are different though their names are the same. */
function pictureOf({ table, path }: ManifestRow): string {
  return `${table.folder}/${table.split ?? ''}/${path}`;
}

function notesOf(seen: {
  tables: readonly ManifestTable[];
  splits: { named: number; unknown: ReadonlySet<string> };
  hasSplits: boolean;
  isRated: boolean;
  withRater: number;
  rows: number;
  pictures: number;
}): string[] {
  const { tables, splits, hasSplits, isRated, withRater, rows, pictures } = seen;
  const notes: string[] = [];
  if (splits.named === 0 && splits.unknown.size > 0)
    notes.push(
      `The column of splits names none (${[...splits.unknown]
        .slice(0, 3)
        .map((word) => `"${word}"`)
        .join(', ')}): ${hasSplits ? 'the names of the tables were taken' : 'splits were drawn'}.`,
    );
  if (tables.length > 1)
    notes.push(
      `${tables.length} tables were read: ${tables.map(({ shownAs, split }) => `${shownAs}${split === null ? '' : ` as ${split.toLowerCase()}`}`).join(', ')}.`,
    );
  else if (!hasSplits && tables[0].split !== null)
    notes.push(`${tables[0].shownAs} was read alone: its rows were divided among the splits by a draw.`);
  if (isRated)
    notes.push(
      `Each row was taken for a rating${withRater > 0 ? '' : ', as most pictures stand in several'}: ${rows.toLocaleString('en')} ratings of ${pictures.toLocaleString('en')} pictures, counted as votes.`,
    );
  return notes;
}

function labelsOf({ label, cleanLabel, votes, distribution, ratings }: ManifestRow): string[] {
  return [
    ...(label === null ? [] : [label]),
    ...(cleanLabel === null ? [] : [cleanLabel]),
    ...Object.keys(votes ?? {}),
    ...Object.keys(distribution ?? {}),
    ...(ratings ?? []).map((rating) => rating.label),
  ];
}

/**
 * A row for each picture, in the order in which they come first, with the ratings of all of its rows. What else the
 * first row says is taken.
 */
export async function ratedRows({ tables, choice }: ManifestTables): Promise<ManifestRow[]> {
  const pictures = new Map<string, ManifestRow>();
  const broken: ManifestRow[] = [];
  for (const table of tables) {
    for await (const row of manifestRows(table, choice)) {
      if (row.problem !== null || row.label === null) {
        broken.push({ ...row, problem: row.problem ?? 'no label' });
        continue;
      }
      const known = pictures.get(pictureOf(row));
      const ratings = known?.ratings ?? [];
      ratings.push({ rater: row.rater, label: row.label });
      if (known === undefined) pictures.set(pictureOf(row), { ...row, key: null, label: null, ratings });
    }
  }
  return [...pictures.values(), ...broken];
}
