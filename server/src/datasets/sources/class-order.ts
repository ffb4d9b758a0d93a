/** Whether a class is called by a number, as `0`, `-1` or `07`. */
export function isCode(name: string): boolean {
  return /^-?\d+$/.test(name);
}

/** Different names in a fixed order: numbers by their value (2 before 10), else by their characters. */
export function orderedClasses(names: Iterable<string>): string[] {
  const different = [...new Set(names)];
  return different.every(isCode)
    ? different.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    : different.sort();
}
