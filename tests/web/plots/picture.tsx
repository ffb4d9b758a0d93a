import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { randomFrom, type Random } from '../../../server/src/random.js';

export const classes = ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'anger', 'disgust', 'contempt'];

/** Markup with a tag a line, so that a change of a picture reads well in a diff. */
export function pictureOf(element: ReactElement): string {
  return `${renderToStaticMarkup(element).replaceAll('><', '>\n<')}\n`;
}

/** A seeded distribution that leans to `main`, [C]. */
export function distribution(random: Random, main: number, size = classes.length): number[] {
  const weights = Array.from({ length: size }, (_, place) => random.uniform() + (place === main ? 4 : 0));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export const seeded = (): Random => randomFrom(7);
