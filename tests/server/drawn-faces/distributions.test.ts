import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../server/src/random.js';
import { actionUnits, drawnClasses, templates, visibleUnits } from '../../../server/src/drawn-faces/action-units.js';
import { drawnFace } from '../../../server/src/drawn-faces/drawn-face.js';
import { cos, drawIndex, exp, log, normal, pow, sin } from '../../../server/src/drawn-faces/elementary.js';
import { observerPosterior } from '../../../server/src/drawn-faces/observer.js';
import { countVotes, drawVotes, pluralityOf } from '../../../server/src/drawn-faces/raters.js';
import { defaultSettings } from '../../../server/src/drawn-faces/settings.js';
import { Split } from '../../../server/src/split.js';

const entropyOf = (values: readonly number[]): number => {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.reduce((sum, value) => sum - (value > 0 ? (value / total) * Math.log(value / total) : 0), 0);
};

describe('elementary functions out of + - * / and sqrt', () => {
  it('agree with Math to twelve digits', () => {
    for (const x of [-40, -3.3, -1e-9, 0, 0.1, 1, 2.5, 17, 300]) expect(exp(x) / Math.exp(x)).toBeCloseTo(1, 12);
    for (const x of [1e-300, 1e-9, 0.3, 0.9999, 1, 1.0001, 2, 77.7, 1e200]) expect(log(x)).toBeCloseTo(Math.log(x), 11);
    for (const x of [-7, -Math.PI, -0.2, 0, 1, 3.1, 44])
      expect([cos(x) - Math.cos(x), sin(x) - Math.sin(x)].map(Math.abs)).toEqual([
        expect.closeTo(0, 12),
        expect.closeTo(0, 12),
      ]);
    expect(pow(0.3, 1.7)).toBeCloseTo(0.3 ** 1.7, 13);
  });

  it('draw normal numbers', () => {
    const random = randomFrom(3);
    const draws = Array.from({ length: 20_000 }, () => normal(random));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(draws.filter((value) => Math.abs(value) > 1.96).length / draws.length).toBeCloseTo(0.05, 2);
  });

  it('draw an index in proportion to its weight, never one of weight 0', () => {
    const random = randomFrom(4);
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 10_000; n++) counts[drawIndex([1, 0, 3, 0], random)]!++;
    expect([counts[1], counts[3]]).toEqual([0, 0]);
    expect(counts[2]! / 10_000).toBeCloseTo(0.75, 1);
  });
});

describe('the observer', () => {
  const everything = visibleUnits(null);

  it.each(drawnClasses.map((name, index) => [name, index] as const))(
    'takes the template of %s for what it is',
    (_, index) => {
      const posterior = observerPosterior(templates[index]!, everything, defaultSettings.observerScale);
      expect(posterior.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(posterior.indexOf(Math.max(...posterior))).toBe(index);
      expect(posterior[index]).toBeGreaterThan(0.6);
    },
  );

  it('hesitates between two classes in front of a face half way', () => {
    const [fear, surprise] = [drawnClasses.indexOf('fear'), drawnClasses.indexOf('surprise')];
    const between = (share: number): number => {
      const posterior = observerPosterior(
        templates[fear]!.map((value, unit) => share * value + (1 - share) * templates[surprise]![unit]!),
        everything,
        defaultSettings.observerScale,
      );
      return posterior[fear]! / (posterior[fear]! + posterior[surprise]!);
    };
    const shares = [0, 0.25, 0.5, 0.75, 1].map(between);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect([shares[0]! < 0.1, shares[4]! > 0.9]).toEqual([true, true]);
  });

  it('is less sure the larger tau, and the less it sees', () => {
    const happy = templates[drawnClasses.indexOf('happiness')]!.map((value) => value * 0.8);
    const entropies = [0.1, 0.2, 0.4, 0.8].map((tau) => entropyOf(observerPosterior(happy, everything, tau)));
    expect(entropies).toEqual([...entropies].sort((a, b) => a - b));
    expect(entropyOf(observerPosterior(happy, visibleUnits('mask'), 0.2))).toBeGreaterThan(
      entropyOf(observerPosterior(happy, everything, 0.2)) + 0.1,
    );
  });

  it('does not look at hidden units', () => {
    const activation = templates[0]!;
    const changed = activation.map((value, unit) => (actionUnits[unit] === 26 ? 0 : value));
    expect(observerPosterior(changed, visibleUnits('mask'), 0.2)).toEqual(
      observerPosterior(activation, visibleUnits('mask'), 0.2),
    );
    expect(observerPosterior(changed, everything, 0.2)).not.toEqual(observerPosterior(activation, everything, 0.2));
  });
});

describe('raters', () => {
  it('vote on average as the true distribution says, but for lapses', () => {
    const random = randomFrom(8);
    const truth = [0.6, 0.3, 0.1, 0, 0, 0, 0];
    const settings = { ...defaultSettings, lapseShare: 0, raterSpread: 0, raters: 20_000 };
    const shares = countVotes(drawVotes(truth, random, settings), 7).map((count) => count / 20_000);
    shares.forEach((share, index) => expect(share).toBeCloseTo(truth[index]!, 1.5));
    const lapsing = countVotes(drawVotes(truth, random, { ...settings, lapseShare: 1 }), 7);
    lapsing.forEach((count) => expect(count / 20_000).toBeCloseTo(1 / 7, 1.5));
  });

  it('break a tie by lot', () => {
    const random = randomFrom(1);
    const winners = new Set(Array.from({ length: 50 }, () => pluralityOf([5, 0, 5], random)));
    expect([...winners].sort()).toEqual([0, 2]);
  });
});

describe('ten thousand drawn faces', () => {
  const faces = Array.from({ length: 10_000 }, (_, number) => drawnFace(7, Split.TRAIN, number));

  it('divide raters as the faces of FER+ do: entropy of the votes within a tenth of its mean and quantiles', () => {
    const entropies = faces.map((face) => entropyOf(face.votes)).sort((a, b) => a - b);
    const quantile = (share: number): number => entropies[Math.floor(share * entropies.length)]!;
    const near = (value: number, target: number): void =>
      expect(Math.abs(value - target)).toBeLessThanOrEqual(0.1 * target + 1e-9);
    near(entropies.reduce((sum, value) => sum + value, 0) / entropies.length, 0.532);
    near(quantile(0.1), 0);
    near(quantile(0.25), 0);
    near(quantile(0.5), 0.53);
    near(quantile(0.75), 0.85);
    near(quantile(0.9), 1.09);
    near(entropies.filter((value) => value < 1e-9).length / entropies.length, 0.26);
  });

  it('show every class about as often', () => {
    const shares = drawnClasses.map(
      (_, index) => faces.filter((face) => face.cleanLabelIndex === index).length / faces.length,
    );
    for (const share of shares) expect(share).toBeGreaterThan(0.1);
  });

  it('have ten votes, a distribution that sums to 1, and its largest entry as the clean label', () => {
    for (const face of faces.slice(0, 500)) {
      expect(face.votes.reduce((sum, count) => sum + count, 0)).toBe(10);
      expect(face.trueDistribution.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(face.trueDistribution[face.cleanLabelIndex]).toBe(Math.max(...face.trueDistribution));
      expect(face.votes[face.givenLabelIndex]).toBe(Math.max(...face.votes));
    }
  });

  it('are labelled wrongly now and then by the plurality, and about four times as often by one rater', () => {
    const wrong = (taken: typeof faces): number =>
      taken.filter((face) => face.givenLabelIndex !== face.cleanLabelIndex).length / taken.length;
    const byRater = Array.from({ length: 5000 }, (_, number) => drawnFace(7, Split.TRAIN, number, 'rater'));
    expect(wrong(faces)).toBeGreaterThan(0.03);
    expect(wrong(faces)).toBeLessThan(0.08);
    expect(wrong(byRater)).toBeGreaterThan(0.15);
    expect(wrong(byRater)).toBeLessThan(0.27);
    expect(drawnFace(7, Split.TEST, 3, 'rater')).toEqual(drawnFace(7, Split.TEST, 3, 'plurality'));
  });

  it('keep each person in one split, twelve pictures each', () => {
    const test = Array.from({ length: 100 }, (_, number) => drawnFace(7, Split.TEST, number).subject);
    const train = new Set(faces.map((face) => face.subject));
    expect(test.some((subject) => train.has(subject))).toBe(false);
    expect(faces.filter((face) => face.subject === faces[30]!.subject)).toHaveLength(12);
    expect(new Set(faces.map((face) => face.key)).size).toBe(faces.length);
  });

  it('depend on the seed', () => {
    expect(drawnFace(8, Split.TRAIN, 5).activation).not.toEqual(drawnFace(7, Split.TRAIN, 5).activation);
  });
});
