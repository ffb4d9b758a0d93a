/**
 * How deep brackets stand within brackets, those in texts counted too: never less than the depth of the value. To be
 * looked at before a value from outside is walked through, which takes stack.
 */
export function jsonDepth(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}
