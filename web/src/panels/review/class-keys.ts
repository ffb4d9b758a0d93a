/** Keys of the page that are no class. */
const reserved = 'asuzmg';
const digits = '1234567890';
const letters = [...'qwertyiopdfhjklxcvbn'].filter((letter) => !reserved.includes(letter));

/** A key for each of the first thirty classes, in order; further ones are found by typing their name after `/`. */
export const classKeys: readonly string[] = [...digits, ...letters];

export function keyOfClass(place: number): string | null {
  return classKeys[place] ?? null;
}

/** Classes whose name has the typed letters in it, those that begin with them first. */
export function classesLike(classes: readonly string[], typed: string): string[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return [];
  const found = classes.filter((name) => name.toLowerCase().includes(text));
  const begins = (name: string): number => Number(name.toLowerCase().startsWith(text));
  return found.sort((a, b) => begins(b) - begins(a));
}
