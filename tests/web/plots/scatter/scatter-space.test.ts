import { describe, expect, test } from 'vitest';
import { pointsInside, readPolygon, rectangle, writePolygon } from '../../../../web/src/plots/scatter/lasso';
import { projectionOf, ticksIn } from '../../../../web/src/plots/scatter/projection';
import {
  pairValues,
  placeAt,
  simplexSpace,
  spaceOfValues,
  valueAt,
} from '../../../../web/src/plots/scatter/scatter-space';

describe('places of points', () => {
  test('keep the order of the values, and the axis finds the values again', () => {
    const space = spaceOfValues(
      { name: 'a', values: [2, 4, 3] },
      { name: 'b', values: [0.1, 0.9, NaN], minimum: 0, maximum: 1 },
    );
    expect(space.x[0]!).toBeLessThan(space.x[2]!);
    expect(space.x[2]!).toBeLessThan(space.x[1]!);
    expect(valueAt(space.axes!.x, space.x[2]!)).toBeCloseTo(3, 5);
    expect(valueAt(space.axes!.y, placeAt(space.axes!.y, 0.9))).toBeCloseTo(0.9, 12);
    expect(space.y[2]).toBeNaN();
  });

  test('of values that are all the same lie in the middle', () => {
    expect(spaceOfValues({ name: 'a', values: [5, 5] }, { name: 'b', values: [1, 2] }).x[0]).toBeCloseTo(0, 6);
  });

  test('of a pair are the share of the given class and the highest of the others', () => {
    const pair = pairValues([0.5, 0.3, 0.2, 0.1, 0.2, 0.7], [0, 1], 3);
    expect([...pair.given].map((value) => Number(value.toFixed(3)))).toEqual([0.5, 0.2]);
    expect([...pair.other].map((value) => Number(value.toFixed(3)))).toEqual([0.3, 0.7]);
  });

  test('of the simplex: a sure sample lies in its corner, a torn one half way', () => {
    const space = simplexSpace([1, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 1], ['a', 'b', 'c', 'd'], [0, 1, 2]);
    expect([space.x[0], space.y[0]]).toEqual([Math.fround(space.corners[0]!.x), Math.fround(space.corners[0]!.y)]);
    expect(space.x[1]).toBeCloseTo((space.corners[0]!.x + space.corners[1]!.x) / 2, 6);
    expect(space.x[2]).toBeNaN();
  });
});

describe('a lasso', () => {
  const x = Float32Array.of(0, 0.5, 0.9, NaN);
  const y = Float32Array.of(0, 0.5, 0.1, 0);

  test('takes what is inside, however it is drawn', () => {
    expect(pointsInside(rectangle(-0.1, -0.1, 0.6, 0.6), x, y)).toEqual([0, 1]);
    expect(pointsInside(rectangle(0.6, 0.6, -0.1, -0.1), x, y)).toEqual([0, 1]);
    expect(pointsInside([-0.1, -0.1, 1, -0.1, 1, 0.3], x, y)).toEqual([2]);
  });

  test('goes through the query string, cut to sixty corners', () => {
    expect(readPolygon(writePolygon(rectangle(-1, -0.25, 0.125, 1)))).toEqual(rectangle(-1, -0.25, 0.125, 1));
    const circle = Array.from({ length: 1000 }, (_, n) => [Math.cos(n / 159), Math.sin(n / 159)]).flat();
    expect(readPolygon(writePolygon(circle))!.length / 2).toBeLessThanOrEqual(60);
  });

  test.each(['', 'abc', '1_2.3_4', '1_2.3_4.5', '1_2.3_4.5_6.'])('is none where the text is %j', (text) => {
    expect(readPolygon(text)).toBeNull();
  });
});

describe('the picture', () => {
  const view = [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0.3, -0.1, 0, 1];

  test('finds the place under a pixel again, moved and enlarged', () => {
    const { toScreen, toSpace } = projectionOf(view, 800, 400);
    const [left, top] = toScreen(0.2, 0.4);
    expect(toSpace(left, top)[0]).toBeCloseTo(0.2, 9);
    expect(toSpace(left, top)[1]).toBeCloseTo(0.4, 9);
  });

  test('has round ticks within the axis', () => {
    expect(ticksIn(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticksIn(-37, 42, 4)).toEqual([-20, 0, 20, 40]);
    expect(ticksIn(1, 1, 4)).toEqual([]);
  });
});
