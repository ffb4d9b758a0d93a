/** Names under which data sets know the expressions, lower case -> the name used here. */
const expressions: Readonly<Record<string, string>> = {
  surprise: 'surprise',
  surprised: 'surprise',
  fear: 'fear',
  fearful: 'fear',
  afraid: 'fear',
  disgust: 'disgust',
  disgusted: 'disgust',
  happiness: 'happiness',
  happy: 'happiness',
  joy: 'happiness',
  sadness: 'sadness',
  sad: 'sadness',
  anger: 'anger',
  angry: 'anger',
  neutral: 'neutral',
  contempt: 'contempt',
  contemptuous: 'contempt',
};

/** Whether a name is one of the usual ones of an expression, in any case and form. */
export function isExpression(raw: string): boolean {
  return Object.hasOwn(expressions, raw.normalize('NFC').trim().toLowerCase());
}

/**
 * The usual name of an expression, in any case and form (`Angry` -> `anger`); any other name as it is, with its letters
 * composed (NFC).
 */
export function className(raw: string): string {
  const name = raw.normalize('NFC').trim();
  return Object.hasOwn(expressions, name.toLowerCase()) ? expressions[name.toLowerCase()] : name;
}
