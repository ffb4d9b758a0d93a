import { InvalidInputError } from '../../errors.js';

/** The longest line of a table of the field is a picture of 48 x 48 grey values, some 10,000 characters. */
const longestLine = 4 * 1024 * 1024;

/**
 * Lines of a text, ended by a line feed, a carriage return or both.
 * @throws InvalidInputError (`directory`) for a line of more than four million characters: it would have to be held
 * whole.
 */
export async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  let number = 1;
  let afterReturn = false;
  for await (const piece of pieces) {
    const parts = (afterReturn && piece.startsWith('\n') ? piece.slice(1) : piece).split(/\r\n|\n|\r/);
    afterReturn = piece.endsWith('\r');
    for (const [place, part] of parts.entries()) {
      length += part.length;
      if (length > longestLine) throw tooLong(number);
      held.push(part);
      if (place === parts.length - 1) break;
      yield held.join('');
      held = [];
      length = 0;
      number++;
    }
  }
  if (length > 0) yield held.join('');
}

function tooLong(line: number): InvalidInputError {
  const expected = `lines of at most ${longestLine.toLocaleString('en')} characters`;
  return new InvalidInputError('directory', expected, `line ${line} is longer: is it a text with line ends?`);
}
