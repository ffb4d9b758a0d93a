import { describe, expect, test } from 'vitest';
import * as distances from '../../../server/src/metrics/distances.js';
import disputed from '../../fixtures/metrics/disputed.json' with { type: 'json' };
import { shuffle } from '../../../server/src/random.js';
import { forRandomPairs, oneHot, permuted } from './distributions.support.js';

/** Those of two distributions; `klOfLabel` takes a class. */
type Name = Exclude<keyof typeof distances, 'klOfLabel'>;

/** PyLDL's definitions (pyldl/metrics.py) evaluated with numpy 2.4 and scikit-learn 1.9. */
const golden: { u: number[]; v: number[]; expected: Record<Name, number> }[] = [
  {
    u: [0.6, 0.3, 0.1],
    v: [0.2, 0.5, 0.3],
    expected: {
      chebyshev: 0.4,
      clark: 0.75,
      canberra: 1.25,
      kullbackLeibler: 0.3960584572042575,
      jensenShannon: 0.09112079852546737,
      cosine: 0.7175473098524098,
      intersection: 0.6,
      euclidean: 0.4898979485566356,
      hellinger: 0.30510067700448495,
    },
  },
  {
    u: [1, 0, 0],
    v: [0, 1, 0],
    expected: {
      chebyshev: 1,
      clark: Math.SQRT2,
      canberra: 2,
      kullbackLeibler: 36.043653389117146,
      jensenShannon: 0.6931471805599372,
      cosine: 0,
      intersection: 0,
      euclidean: Math.SQRT2,
      hellinger: 1.0,
    },
  },
  {
    u: [0.5, 0.5, 0, 0],
    v: [0.25, 0.25, 0.25, 0.25],
    expected: {
      chebyshev: 0.25,
      clark: 1.4907119849998574,
      canberra: 2.666666666666663,
      kullbackLeibler: 0.69314718055993,
      jensenShannon: 0.21576155433882788,
      cosine: 0.7071067811865476,
      intersection: 0.5,
      euclidean: 0.5,
      hellinger: 0.5411961001461969,
    },
  },
  {
    u: [0.7, 0, 0.2, 0.1, 0, 0, 0],
    v: [0.1, 0.05, 0.4, 0.3, 0.1, 0.03, 0.02],
    expected: {
      chebyshev: 0.6,
      clark: 2.2189211592823685,
      canberra: 5.583333333333283,
      kullbackLeibler: 1.1136464393598897,
      jensenShannon: 0.23901783664515028,
      cosine: 0.46812183988348033,
      intersection: 0.4,
      euclidean: 0.6736467917239716,
      hellinger: 0.52856132630191,
    },
  },
];

const bounds: Record<Name, (classes: number) => number> = {
  chebyshev: () => 1,
  clark: (classes) => Math.sqrt(classes),
  canberra: (classes) => classes,
  kullbackLeibler: () => -Math.log(Number.EPSILON) + 1e-9,
  jensenShannon: () => Math.LN2,
  cosine: () => 1,
  intersection: () => 1,
  euclidean: () => Math.SQRT2,
  hellinger: () => 1,
};
const names = Object.keys(bounds) as Name[];
/** A square root of a difference that rounding leaves at 1e-16. */
const rooted = 8;
const similarities: Name[] = ['cosine', 'intersection'];

describe('distances', () => {
  test('have the values of PyLDL', () => {
    for (const { u, v, expected } of golden)
      for (const name of names) expect(distances[name](u, v), name).toBeCloseTo(expected[name], 12);
  });

  test('have the published values of scipy', () => {
    expect(distances.kullbackLeibler([0.5, 0.5], [0.9, 0.1])).toBeCloseTo(0.5108256237659907, 14); // scipy.stats.entropy
    expect(Math.sqrt(distances.jensenShannon([1, 0], [0.5, 0.5]))).toBeCloseTo(0.46450140402245893, 12); // scipy jensenshannon, a square root
  });

  test('of a distribution from itself are 0, and similarities 1', () => {
    forRandomPairs(100, (u) => {
      for (const name of names)
        expect(distances[name](u, u), name).toBeCloseTo(
          similarities.includes(name) ? 1 : 0,
          name === 'hellinger' ? rooted - 1 : 12,
        );
    });
  });

  test('stay within their bounds, clipped zeros included', () => {
    forRandomPairs(300, (u, v) => {
      for (const name of names) {
        expect(distances[name](u, v), name).toBeGreaterThanOrEqual(0);
        expect(distances[name](u, v), name).toBeLessThanOrEqual(bounds[name](u.length));
      }
    });
  });

  test('are symmetric, except KL', () => {
    forRandomPairs(200, (u, v) => {
      for (const name of names)
        if (name !== 'kullbackLeibler') expect(distances[name](u, v), name).toBeCloseTo(distances[name](v, u), 12);
    });
    expect(distances.kullbackLeibler([0.9, 0.1], [0.5, 0.5])).not.toBeCloseTo(
      distances.kullbackLeibler([0.5, 0.5], [0.9, 0.1]),
      2,
    );
  });

  test('do not depend on the order of the classes', () => {
    forRandomPairs(200, (u, v, random) => {
      const order = shuffle([...u.keys()], random);
      for (const name of names)
        expect(distances[name](permuted(u, order), permuted(v, order)), name).toBeCloseTo(distances[name](u, v), 10);
    });
  });

  test('are finite between certain distributions', () => {
    for (const name of names) expect(Number.isFinite(distances[name](oneHot(7, 0), oneHot(7, 6))), name).toBe(true);
  });

  test('never leave their range by an ulp, nor by what float32 rounds', () => {
    const { pairs } = disputed['c05-jensen-shannon'];
    expect(pairs.length).toBe(9);
    for (const { u, v, ...tools } of pairs) {
      const reference = Math.max(0, tools['divergence in nats (PyLDL)']);
      expect(distances.jensenShannon(u, v)).toBeCloseTo(reference, 12);
    }
    const nearly = [...pairs, ...float32Pairs()];
    for (const { u, v } of nearly)
      for (const name of names) {
        expect(distances[name](u, v), name).toBeGreaterThanOrEqual(0);
        expect(distances[name](u, v), name).toBeLessThanOrEqual(bounds[name](u.length));
      }
  });

  test('of distributions with zeros are those of PyLDL, to the last digits', () => {
    for (const { u, v, ...expected } of disputed['c07-zeros'].pairs) {
      expect(distances.kullbackLeibler(u, v)).toBeCloseTo(expected.KULLBACK_LEIBLER, 11);
      expect(distances.clark(u, v)).toBeCloseTo(expected.CLARK, 12);
      expect(distances.canberra(u, v)).toBeCloseTo(expected.CANBERRA, 12);
      expect(distances.jensenShannon(u, v)).toBeCloseTo(expected.JENSEN_SHANNON, 12);
    }
  });
});

/** Softmax outputs in float32, whose sum is 1 only nearly, each beside itself and beside one an ulp apart. */
function float32Pairs(): { u: number[]; v: number[] }[] {
  const pairs: { u: number[]; v: number[] }[] = [];
  forRandomPairs(200, (p) => {
    const u = p.map((value) => Math.fround(value * (1 + 6e-8)));
    pairs.push({ u, v: u }, { u, v: u.map((value) => Math.fround(value * (1 - 6e-8))) });
  });
  return pairs;
}
