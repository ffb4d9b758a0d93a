const words: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ' ': 'Space',
};

/** As it stands on a keyboard. */
export function keyWords(key: string): string {
  return key
    .split('+')
    .map((part) => (part === 'mod' ? 'Ctrl' : (words[part] ?? (part.length === 1 ? part.toUpperCase() : part))))
    .join(' ');
}
