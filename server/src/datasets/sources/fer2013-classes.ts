/** In the order of the codes of FER2013 and ExpW, from 0. */
export const fer2013Classes = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'] as const;

/** Index of a code; below 0 for one that is none. */
export function fer2013Code(code: string): number {
  return /^[0-6]$/.test(code) ? Number(code) : -1;
}
