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
  label: 'var(--distribution-label, #4372fe)',
  class: 'var(--distribution-class, #c39b21)',
  fused: 'var(--distribution-fused, #0b6a36)',
  target: 'var(--distribution-target, #8c0095)',
  votes: 'var(--distribution-votes, #8590a1)',
  true: 'var(--distribution-true, #14201e)',
};

/**
 * Chosen so that any two of the first eight, and of all twenty, stay apart in the eyes of people without red or green
 * cones too (distance in OKLab after Machado's simulation: see the test of this file). From the ninth on a form stands
 * beside the colour.
 */
const slots = [
  'var(--class-1, #6a6e7a)',
  'var(--class-2, #f2d90a)',
  'var(--class-3, #2435ad)',
  'var(--class-4, #6bccfa)',
  'var(--class-5, #ac5cf2)',
  'var(--class-6, #c6020a)',
  'var(--class-7, #4e9f8a)',
  'var(--class-8, #e89f1a)',
  'var(--class-9, #82b8b3)',
  'var(--class-10, #662100)',
  'var(--class-11, #9794db)',
  'var(--class-12, #28681f)',
  'var(--class-13, #cf7538)',
  'var(--class-14, #390d4f)',
  'var(--class-15, #a9ad6a)',
  'var(--class-16, #3d3ce2)',
  'var(--class-17, #4a0003)',
  'var(--class-18, #7e6cac)',
  'var(--class-19, #0a028e)',
  'var(--class-20, #423c5c)',
] as const;

export type ClassForm = 'circle' | 'square' | 'diamond';

const formsBySlot: readonly ClassForm[] = slots.map((_, slot) =>
  slot < 8 ? 'circle' : slot < 14 ? 'square' : 'diamond',
);
const formByColour = new Map<string, ClassForm>(slots.map((colour, slot) => [colour, formsBySlot[slot]]));

/** What a mark of this colour looks like; with the colour it tells twenty classes apart. */
export function classForm(colour: string): ClassForm {
  return formByColour.get(colour) ?? 'circle';
}

/** The same colours as hexadecimal numbers of the light or dark scheme, for canvases, which know no CSS variables. */
export function plainColour(colour: string, style: CSSStyleDeclaration): string {
  const parts = /^var\((--[\w-]+), *([^)]+)\)$/.exec(colour);
  return parts ? style.getPropertyValue(parts[1]).trim() || parts[2] : colour;
}

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

/** A colour for each class, [C]. Other names take the slots that are left; beyond twenty they repeat. */
export function classColours(classes: readonly string[]): string[] {
  const known = classes.map((name) => slotOfExpression[name.toLowerCase()]);
  const left = slots.map((_, slot) => slot).filter((slot) => !known.includes(slot));
  const order = left.length > 0 ? left : slots.map((_, slot) => slot);
  let next = 0;
  return known.map((slot) => slots[slot ?? order[next++ % order.length]]);
}

/** `strength` of 0 to 1 of a colour, over the surface; for heat maps. */
export function tint(colour: string, strength: number): string {
  return `color-mix(in oklab, ${colour} ${Math.round(Math.min(1, Math.max(0, strength)) * 100)}%, ${ink.surface})`;
}

/**
 * Strength of the tint for a share of 0 to 1: small shares can be seen in the dark too, and the middle, where no text
 * has a contrast of 4.5, is leapt over.
 */
export function heat(share: number): number {
  const raw = share <= 0 ? 0 : 0.1 + 0.9 * Math.min(1, share) ** 0.75;
  return raw <= 0.6 ? raw : 0.92 + (raw - 0.6) * 0.2;
}

/** Text that stays readable on `tint(colour, heat(share))`, in both schemes. */
export function onTint(strength: number): string {
  return strength > 0.7 ? ink.surface : ink.strong;
}
