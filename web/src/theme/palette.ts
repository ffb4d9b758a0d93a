/** Colours as CSS variables with the light value as fallback, so that a picture also stands alone. */
export const ink = {
  strong: 'var(--ink, #14201e)',
  medium: 'var(--ink-2, #43524f)',
  weak: 'var(--ink-3, #5b6a66)',
  line: 'var(--line, #dae0de)',
  sunken: 'var(--sunken, #eaeeec)',
  surface: 'var(--surface, #ffffff)',
} as const;

export const accent = 'var(--accent, #0a5d66)';
export const agree = 'var(--agree, #0a5d66)';
export const differ = 'var(--differ, #b4490c)';

export type DistributionName = 'label' | 'class' | 'fused' | 'target' | 'votes' | 'true';

export const distributionColour: Record<DistributionName, string> = {
  label: 'var(--distribution-label, #2a68c8)',
  class: 'var(--distribution-class, #c88a04)',
  fused: 'var(--distribution-fused, #15865f)',
  target: 'var(--distribution-target, #a8327e)',
  votes: 'var(--distribution-votes, #5d6a75)',
  true: 'var(--distribution-true, #14201e)',
};

const slots = [
  'var(--class-neutral, #8c9895)',
  'var(--class-yellow, #e3c51b)',
  'var(--class-blue, #0072b2)',
  'var(--class-sky, #56b4e9)',
  'var(--class-purple, #cc79a7)',
  'var(--class-vermillion, #d55e00)',
  'var(--class-green, #009e73)',
  'var(--class-orange, #e69f00)',
] as const;

/** Well-known expressions keep their colour in every data set, whatever their place in its classes. */
const slotOfExpression: Readonly<Record<string, number>> = {
  neutral: 0,
  happiness: 1,
  happy: 1,
  sadness: 2,
  sad: 2,
  surprise: 3,
  surprised: 3,
  fear: 4,
  fearful: 4,
  anger: 5,
  angry: 5,
  disgust: 6,
  disgusted: 6,
  contempt: 7,
};

/** A colour for each class, [C]. Other names take the slots that are left, then repeat. */
export function classColours(classes: readonly string[]): string[] {
  const known = classes.map((name) => slotOfExpression[name.toLowerCase()]);
  const left = slots.map((_, slot) => slot).filter((slot) => !known.includes(slot));
  const order = left.length > 0 ? left : slots.map((_, slot) => slot);
  let next = 0;
  return known.map((slot) => slots[slot ?? order[next++ % order.length]!]!);
}

/** `share` of 0 to 1 of a colour, over the surface; for heat maps. */
export function tint(colour: string, share: number): string {
  return `color-mix(in oklab, ${colour} ${Math.round(Math.min(1, Math.max(0, share)) * 100)}%, ${ink.surface})`;
}

/** Text that stays readable on `tint(colour, share)`, in both schemes. */
export function onTint(share: number): string {
  return share > 0.7 ? ink.surface : ink.strong;
}
