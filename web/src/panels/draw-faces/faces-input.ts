import type { DrawFacesInput } from '../../graphql/generated/graphql';

/** What stands in the form; empty text: the server's default. */
export interface FacesForm {
  size: NonNullable<DrawFacesInput['size']>;
  givenLabel: NonNullable<DrawFacesInput['givenLabel']>;
  /** Position of the slider; null: as ambiguous as FER+. */
  tau: number | null;
  seed: string;
  imageSize: string;
  name: string;
}

export type FacesErrors = Partial<Record<'seed' | 'imageSize' | 'name' | 'tau', string>>;

/** The mutation's input, or the fields whose text is no whole number. */
export function facesInput({
  size,
  givenLabel,
  tau,
  seed,
  imageSize,
  name,
}: FacesForm): { input: DrawFacesInput } | { errors: FacesErrors } {
  const errors: FacesErrors = {};
  const whole = (field: 'seed' | 'imageSize', text: string): number | undefined => {
    const typed = text.trim();
    if (typed === '') return undefined;
    if (/^-?\d{1,9}$/.test(typed)) return Number(typed);
    errors[field] = 'expected a whole number';
    return undefined;
  };
  const numbers = { seed: whole('seed', seed), imageSize: whole('imageSize', imageSize) };
  if (Object.keys(errors).length > 0) return { errors };
  const given = Object.fromEntries(
    Object.entries({ ...numbers, tau: tau ?? undefined, name: name.trim() || undefined }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  return { input: { size, givenLabel, ...given } };
}
