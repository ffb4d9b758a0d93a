import { describe, expect, test } from 'vitest';
import { classesLike, classKeys, keyOfClass } from '../../../web/src/panels/review/class-keys.js';
import { queueSettings, queueVariables, withKnown, type QueueFace } from '../../../web/src/panels/review/queue.js';
import {
  decidedOf,
  sittingOf,
  wrongLabelsLeft,
  type Choice,
  type Decided,
} from '../../../web/src/panels/review/session.js';

function face(id: string, more: Partial<QueueFace> = {}): QueueFace {
  return {
    id,
    name: id,
    imageUrl: '',
    given: 'fear',
    suggested: null,
    distribution: [0.4, 0.6],
    votes: null,
    known: null,
    others: [],
    ...more,
  };
}

let clock = 0;
const decided = (one: QueueFace, choice: Choice): Decided =>
  decidedOf(one, choice, `key ${clock}`, (clock += 2000), 'Ada');

describe('keys of classes', () => {
  test('are one for each of thirty classes, and never one of the other keys', () => {
    expect(new Set(classKeys).size).toBe(classKeys.length);
    expect(classKeys.length).toBeGreaterThanOrEqual(30);
    for (const reserved of 'asuzmg/?') expect(classKeys).not.toContain(reserved);
    expect([keyOfClass(0), keyOfClass(9), keyOfClass(10), keyOfClass(99)]).toEqual(['1', '0', 'q', null]);
  });

  test('further classes are found by letters of their name', () => {
    expect(classesLike(['contempt', 'fear', 'no fear', 'unfearing'], 'FEAR')).toEqual(['fear', 'no fear', 'unfearing']);
    expect(classesLike(['fear'], '  ')).toEqual([]);
  });
});

describe('a queue', () => {
  test('is what the address says, and what means nothing there is as at first', () => {
    const query = new URLSearchParams('queue=ambiguous&split=TRAIN&given=fear&known=10&blind=1&view=grid&run=run_3');
    const settings = queueSettings((name) => query.get(name));
    expect(settings).toEqual({
      dataset: null,
      run: 'run_3',
      kind: 'ambiguous',
      split: 'TRAIN',
      given: 'fear',
      blind: true,
      knownEvery: 10,
      view: 'grid',
    });
    expect(queueVariables(settings)).toEqual({
      orderBy: 'ENTROPY',
      direction: 'DESCENDING',
      filter: { annotated: false, split: 'TRAIN', givenLabel: 'fear' },
    });
    const odd = new URLSearchParams('queue=x&split=x&known=1');
    expect(queueSettings((name) => odd.get(name))).toMatchObject({ kind: 'suspects', split: null, knownEvery: 0 });
  });

  test('has a known face at every n-th place, and none that waits itself', () => {
    const own = Array.from({ length: 8 }, (_, place) => face(`own ${place}`));
    const known = [
      face('own 3', { known: 'fear' }),
      face('known 1', { known: 'fear' }),
      face('known 2', { known: 'joy' }),
    ];
    const places = withKnown(own, known, 5).map(({ id }) => id);
    expect(places.indexOf('known 1')).toBe(4);
    expect(places.indexOf('known 2')).toBe(9);
    expect(places).toHaveLength(10);
    expect(withKnown(own, known, 0)).toEqual(own);
  });
});

describe('a sitting', () => {
  test('counts each face once, by what was said last', () => {
    const first = face('a');
    const sitting = sittingOf([
      decided(first, { kind: 'class', label: 'joy' }),
      decided(face('b'), { kind: 'accept' }),
      decided(face('c'), { kind: 'unsure' }),
      decided(face('d'), { kind: 'skip' }),
      decided(first, { kind: 'accept' }),
    ]);
    expect(sitting).toMatchObject({ decided: 4, changed: 0, unsure: 1, skipped: 1 });
    expect(sitting.perMinute).toBeCloseTo(30, 6);
  });

  test('compares with others, not with oneself, and checks known faces apart', () => {
    const others = [
      { author: 'Ada', label: 'joy' },
      { author: 'Bob', label: 'fear' },
    ];
    const sitting = sittingOf([
      decided(face('a', { others }), { kind: 'accept' }),
      decided(face('b', { others }), { kind: 'class', label: 'joy' }),
      decided(face('c', { known: 'joy' }), { kind: 'class', label: 'joy' }),
      decided(face('d', { known: 'joy' }), { kind: 'accept' }),
    ]);
    expect(sitting).toMatchObject({ decided: 2, shared: 2, agreed: 1, knownShown: 2, knownRight: 1 });
    expect(decided(face('c', { known: 'joy' }), { kind: 'accept' }).key).toBeNull();
  });

  test('says how many wrong labels are probably left, with an interval, from ten answers on', () => {
    const answers = (changed: number, kept: number): Decided[] => [
      ...Array.from({ length: changed }, (_, n) => decided(face(`w${n}`), { kind: 'class', label: 'joy' })),
      ...Array.from({ length: kept }, (_, n) => decided(face(`k${n}`), { kind: 'accept' })),
    ];
    expect(wrongLabelsLeft(sittingOf(answers(4, 5)), 100)).toBeNull();
    const budget = wrongLabelsLeft(sittingOf(answers(5, 15)), 200)!;
    expect(budget.expected).toBe(50);
    // Wilson's interval of 5 of 20: 0.112 to 0.469.
    expect([budget.low, budget.high]).toEqual([22, 94]);
  });
});
