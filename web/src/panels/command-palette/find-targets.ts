export interface Target {
  name: string;
  /** What it is, shown beside the name. */
  kind: string;
  href: string;
}

/** Most that are listed; the rest is found by typing more. */
const most = 30;

/** Targets in which every word of the text occurs; those whose name begins with it first. */
export function findTargets(targets: readonly Target[], text: string): readonly Target[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = targets.filter(({ name, kind }) => {
    const where = `${name} ${kind}`.toLowerCase();
    return words.every((word) => where.includes(word));
  });
  const begins = ({ name }: Target): number => Number(words.length > 0 && name.toLowerCase().startsWith(words[0]));
  return [...found].sort((a, b) => begins(b) - begins(a)).slice(0, most);
}
