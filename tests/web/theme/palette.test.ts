import { describe, expect, test } from 'vitest';
import { classColours } from '../../../web/src/theme/palette';

describe('the colours of classes', () => {
  test('are the same for an expression in whatever order and spelling', () => {
    const [neutral, happy] = classColours(['neutral', 'happiness']);
    expect(classColours(['Happy', 'anger', 'Neutral'])[0]).toBe(happy);
    expect(classColours(['Happy', 'anger', 'Neutral'])[2]).toBe(neutral);
  });

  test('differ for the eight expressions, and for eight other names', () => {
    expect(
      new Set(classColours(['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'anger', 'disgust', 'contempt']))
        .size,
    ).toBe(8);
    expect(new Set(classColours(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])).size).toBe(8);
  });

  test('of other names avoid those of the known ones as long as there are any', () => {
    const colours = classColours(['confused', 'neutral', 'sleepy', 'fear']);
    expect(new Set(colours).size).toBe(4);
  });

  test('repeat beyond eight instead of being missing', () => {
    const colours = classColours(Array.from({ length: 11 }, (_, place) => `class ${place}`));
    expect(colours.every(Boolean)).toBe(true);
    expect(colours[8]).toBe(colours[0]);
  });
});
