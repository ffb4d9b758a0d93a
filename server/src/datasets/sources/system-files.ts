/** What Macs, Windows, NAS boxes and programs leave in folders, lower case. */
const leftBehind: ReadonlySet<string> = new Set([
  'thumbs.db',
  'thumbs.db:encryptable',
  'ehthumbs.db',
  'ehthumbs_vista.db',
  'desktop.ini',
  'icon\r',
  '__macosx',
  '@eadir',
  '#recycle',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  '__pycache__',
  'picasa.ini',
]);

/** Whether a name is one of a system, not of a data set: it is neither read nor counted as left out. */
export function isSystemName(name: string): boolean {
  const lower = name.toLowerCase();
  if (leftBehind.has(lower) || lower.startsWith('._') || lower.startsWith('~$')) return true;
  // Of hidden files only one that says it is a picture is worth a word.
  return name.startsWith('.') && !/\.(jpe?g|png|webp|tiff?)$/i.test(name);
}

/** What people lay beside data: it neither makes a layout nor breaks one. */
export function isDocument(name: string): boolean {
  return (
    /^(readme|licen[cs]e|copying|citation|changelog|notice|authors|requirements|setup|dockerfile|makefile)\b/i.test(
      name,
    ) || /\.(md|rst|pdf|html?|docx?|bib|py|ipynb|sh|url|zip|gz|tar|rar|7z)$/i.test(name)
  );
}
