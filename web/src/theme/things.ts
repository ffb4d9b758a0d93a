/** What the pictures of a data set are called, and what they show. */
export interface Things {
  one: string;
  many: string;
  One: string;
  Many: string;
  /** With its article. */
  aOne: string;
  /** What its classes are. */
  classes: string;
}

const faces: Things = {
  one: 'face',
  many: 'faces',
  One: 'Face',
  Many: 'Faces',
  aOne: 'a face',
  classes: 'expressions',
};
/** Also what faces are called where nobody has said that they are. */
export const images: Things = {
  one: 'image',
  many: 'images',
  One: 'Image',
  Many: 'Images',
  aOne: 'an image',
  classes: 'classes',
};

/** Expressions as data sets of faces name them. */
const expressions = /^(surprised?|fear(ful)?|disgust(ed)?|happ(y|iness)|joy|sad(ness)?|ang(er|ry)|neutral|contempt)$/i;

/** Faces where at least half of the classes are expressions, else images; images while the classes are not known. */
export function thingsOf(classes: readonly string[] | undefined): Things {
  if (!classes || classes.length === 0) return images;
  return 2 * classes.filter((name) => expressions.test(name)).length >= classes.length ? faces : images;
}

/** Of several data sets together: faces where all are of faces. */
export function thingsOfAll(datasets: readonly { classes: readonly string[] }[]): Things {
  return datasets.length > 0 && datasets.every(({ classes }) => thingsOf(classes) === faces) ? faces : images;
}

/** A text with the words of a data set: `{one}`, `{many}`, `{One}`, `{Many}`, `{aOne}`, `{classes}`. */
export function inWordsOf(things: Things, text: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => things[name as keyof Things] ?? whole);
}
