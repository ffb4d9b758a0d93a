import { describe, expect, it } from 'vitest';
import { ramps } from '../../../server/src/ada-df/ramps.js';

describe('ramps', () => {
  it('lets the divergence grow in until epoch beta, the cross entropy at full weight', () => {
    expect(ramps(1, 3).kullbackLeibler).toBeCloseTo(0.64118, 6); // exp(-(2/3)^2)
    expect(ramps(2, 3).kullbackLeibler).toBeCloseTo(0.894839, 6); // exp(-(1/3)^2)
    expect(ramps(1, 3).crossEntropy).toBe(1);
    expect(ramps(2, 3).crossEntropy).toBe(1);
  });

  it('weighs both fully at epoch beta', () => {
    expect(ramps(5, 5)).toEqual({ kullbackLeibler: 1, crossEntropy: 1 });
  });

  it('lets the cross entropy fade after epoch beta, towards 1/e', () => {
    expect(ramps(6, 3)).toEqual({ kullbackLeibler: 1, crossEntropy: Math.exp(-0.25) });
    expect(ramps(1e9, 3).crossEntropy).toBeCloseTo(Math.exp(-1), 6);
  });
});
