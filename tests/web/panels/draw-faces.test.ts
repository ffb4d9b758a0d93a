import { describe, expect, test } from 'vitest';
import { facesInput, type FacesForm } from '../../../web/src/panels/draw-faces/faces-input';

const form: FacesForm = { size: 'TINY', givenLabel: 'PLURALITY', tau: null, seed: '', imageSize: '', name: ' ' };

describe('what is chosen in the form of drawn faces', () => {
  test('is sent without what is left to the server', () => {
    expect(facesInput(form)).toEqual({ input: { size: 'TINY', givenLabel: 'PLURALITY' } });
    expect(facesInput({ ...form, tau: 0.5, seed: '3 ', imageSize: '64', name: ' mine ' })).toEqual({
      input: { size: 'TINY', givenLabel: 'PLURALITY', tau: 0.5, seed: 3, imageSize: 64, name: 'mine' },
    });
  });

  test('is named beside its field where it is no whole number; ranges are for the server', () => {
    expect(facesInput({ ...form, seed: '1.5', imageSize: 'large' })).toEqual({
      errors: { seed: 'expected a whole number', imageSize: 'expected a whole number' },
    });
    expect(facesInput({ ...form, imageSize: '4' })).toEqual({
      input: { size: 'TINY', givenLabel: 'PLURALITY', imageSize: 4 },
    });
  });
});
