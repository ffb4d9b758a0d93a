import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { classColours, classForm, distributionColour } from '../../../web/src/theme/palette';
import { perceivedDistance } from './colour-vision';

const tokens = readFileSync(path.resolve(import.meta.dirname, '../../../web/src/theme/tokens.css'), 'utf8');
const [light, dark] = tokens.split("[data-mantine-color-scheme='dark']") as [string, string];

/** The hexadecimal number of `var(--name, …)` in a scheme. */
function inScheme(colour: string, scheme: string): string {
  const name = /--[\w-]+/.exec(colour)![0];
  return new RegExp(`${name}: (#[0-9a-f]{6});`).exec(scheme)![1]!;
}

function least(colours: readonly string[]): number {
  return Math.min(
    ...colours.flatMap((one, place) => colours.slice(place + 1).map((other) => perceivedDistance(one, other))),
  );
}

const twenty = Array.from({ length: 20 }, (_, place) => `class ${place}`);

describe('the colours of classes', () => {
  test('are the same for an expression in whatever order and spelling', () => {
    const [neutral, happy] = classColours(['neutral', 'happiness']);
    expect(classColours(['Happy', 'anger', 'Neutral'])[0]).toBe(happy);
    expect(classColours(['Happy', 'anger', 'Neutral'])[2]).toBe(neutral);
  });

  test('differ for the eight expressions, and for twenty other names', () => {
    const expressions = ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'anger', 'disgust', 'contempt'];
    expect(new Set(classColours(expressions)).size).toBe(8);
    expect(new Set(classColours(twenty)).size).toBe(20);
  });

  test('of other names avoid those of the known ones as long as there are any', () => {
    const colours = classColours(['confused', 'neutral', 'sleepy', 'fear']);
    expect(new Set(colours).size).toBe(4);
  });

  test('repeat beyond twenty instead of being missing', () => {
    const colours = classColours([...twenty, 'one more']);
    expect(colours.every(Boolean)).toBe(true);
    expect(colours[20]).toBe(colours[0]);
  });

  test.each([
    ['light', light],
    ['dark', dark],
  ])('stay apart without red or green cones (%s)', (_, scheme) => {
    const colours = classColours(twenty).map((colour) => inScheme(colour, scheme));
    expect(least(colours.slice(0, 8))).toBeGreaterThan(0.1);
    expect(least(colours)).toBeGreaterThan(0.05);
    expect(least(Object.values(distributionColour).map((colour) => inScheme(colour, scheme)))).toBeGreaterThan(0.1);
  });

  test('have a form beside them from the ninth on', () => {
    const forms = classColours(twenty).map(classForm);
    expect(forms.slice(0, 8).every((form) => form === 'circle')).toBe(true);
    expect(new Set(forms.slice(8)).has('circle')).toBe(false);
    expect(new Set(forms).size).toBe(3);
  });
});
