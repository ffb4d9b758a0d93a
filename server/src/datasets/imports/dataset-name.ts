import { InvalidInputError } from '../../errors.js';

/** Longest name; it stands in headings and in names of runs. */
const longestName = 100;

/** Line breaks and other controls, and what turns the direction of a line: names with them cannot be told apart, or typed again. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Joins emoji and the letters of some scripts. */
const joiners = /[\u200c\u200d]/g;

/** The name with its letters composed (NFC), so that no two data sets look the same. @throws InvalidInputError (`name`) */
export function datasetName(given: string): string {
  const name = given.normalize('NFC');
  if (name.trim() !== name || name.length < 1 || name.length > longestName || unseen.test(name.replace(joiners, ''))) {
    throw new InvalidInputError(
      'name',
      `1 to ${longestName} characters, without blanks at the ends and without line breaks or other characters that do not show`,
      given,
    );
  }
  return name;
}

/** A name for a folder's or file's data set: characters that do not show become blanks. */
export function nameFrom(fileName: string): string {
  const seen = fileName.normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return [...seen.trim()].slice(0, longestName).join('').slice(0, longestName).trim();
}
