/** What the pictures of a data set are called. */
export interface Things {
  one: string;
  many: string;
  One: string;
  Many: string;
}

const faces: Things = { one: 'face', many: 'faces', One: 'Face', Many: 'Faces' };
const images: Things = { one: 'image', many: 'images', One: 'Image', Many: 'Images' };

/** Expressions as data sets of faces name them. */
const expressions = /^(surprised?|fear(ful)?|disgust(ed)?|happ(y|iness)|joy|sad(ness)?|ang(er|ry)|neutral|contempt)$/i;

/** Faces where at least half of the classes are expressions, else images; faces while the classes are not known. */
export function thingsOf(classes: readonly string[] | undefined): Things {
  if (!classes || classes.length === 0) return faces;
  return 2 * classes.filter((name) => expressions.test(name)).length >= classes.length ? faces : images;
}
