import { describe, expect, test } from 'vitest';
import { ConfusionMatrix } from '../../../web/src/plots/confusion-matrix';
import { shortNames } from '../../../web/src/plots/class-name';
import { cellLook, isChosen, type ConfusionMatrixProps } from '../../../web/src/plots/confusion-cells';
import { heat } from '../../../web/src/theme/palette';
import { classes, pictureOf, seeded } from './picture';

function matrix(show: 'counts' | 'share'): ConfusionMatrixProps {
  const random = seeded();
  const counts = classes.map((_, row) =>
    classes.map((__, column) => (row === 7 ? 0 : random.integer(row === column ? 900 : 60))),
  );
  const normalised = counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => (sum === 0 ? null : count / sum));
  });
  return {
    classes,
    counts,
    normalised,
    show,
    rowsTitle: 'given label',
    columnsTitle: 'target branch',
    chosen: [{ row: 1, column: 0 }],
  };
}

describe('the confusion matrix', () => {
  test.each(['counts', 'share'] as const)('draws %s', async (show) => {
    await expect(pictureOf(<ConfusionMatrix {...matrix(show)} />)).toMatchFileSnapshot(
      `./__pictures__/confusion-${show}.html`,
    );
  });

  test('has one button a cell that says row, column, count and share, and only one of them in the tab order', () => {
    const props = matrix('counts');
    const buttons = pictureOf(<ConfusionMatrix {...props} />)
      .split('\n')
      .filter((line) => line.startsWith('<button') && line.includes('data-testid="cell-'));
    expect(buttons).toHaveLength(64);
    expect(buttons.filter((button) => button.includes('tabindex="0"'))).toHaveLength(1);
    const share = (
      (100 * props.counts[2]![3]!) /
      props.counts[2]!.reduce<number>((sum, count) => sum + count!, 0)
    ).toFixed(1);
    expect(buttons.find((button) => button.includes('data-testid="cell-2-3"'))).toContain(
      `aria-label="given label sadness, target branch surprise: ${props.counts[2]![3]} samples, ${share} % of the row"`,
    );
  });

  test('says of a row without samples that it has no shares, rather than 0 %', () => {
    const picture = pictureOf(<ConfusionMatrix {...matrix('share')} />);
    expect(picture).toContain('A row without samples has no shares.');
    expect(picture).toMatch(/cell-7-7[^\n]*>–<\/button>/);
  });

  test('marks the chosen cell as pressed, and no other', () => {
    const pressed = pictureOf(<ConfusionMatrix {...matrix('counts')} />)
      .split('\n')
      .filter((line) => line.includes('aria-pressed="true"'));
    expect(pressed).toHaveLength(1);
    expect(pressed[0]).toContain('cell-1-0');
  });
});

describe('what a cell shows', () => {
  const facts = {
    classes: ['anger', 'fear'],
    counts: [
      [6, 2],
      [0, 0],
    ],
    normalised: [
      [0.75, 0.25],
      [null, null],
    ],
    rowsTitle: 'given label',
    columnsTitle: 'votes',
  };

  test('as expected keeps the doubt of the distributions', () => {
    const look = cellLook(
      {
        ...facts,
        expected: [
          [5.25, 2.75],
          [0, 0],
        ],
      },
      'expected',
      0,
      1,
    );
    expect(look.text).toBe('2.8');
    expect(look.spoken).toBe('given label anger, votes fear: 2.8 expected, 2 counted');
  });

  test('as a difference is signed, in points of the row, and nothing where a side has no share', () => {
    const before = [
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expect(cellLook({ ...facts, before }, 'difference', 0, 0).text).toBe('+25');
    expect(cellLook({ ...facts, before }, 'difference', 0, 1).text).toBe('−25');
    expect(cellLook({ ...facts, before }, 'difference', 1, 1)).toMatchObject({ text: '–', empty: true });
    // More on the diagonal and less off it are one colour: both agree more than before.
    const [right, wrong] = [0, 1].map((column) => cellLook({ ...facts, before }, 'difference', 0, column).colour);
    expect(right).toBe(wrong);
  });

  test('names its columns in tight places so that no two are alike', () => {
    expect(shortNames(['anger', 'anxious', 'annoyed', 'annoying', 'joy'])).toEqual([
      'ang',
      'anx',
      'annoye',
      'annoyi',
      'joy',
    ]);
  });

  test('can be seen for the smallest share, and is never of a tint on which no text can be read', () => {
    const strengths = Array.from({ length: 101 }, (_, share) => heat(share / 100));
    expect(strengths[1]).toBeGreaterThan(0.1);
    expect(strengths.filter((strength) => strength > 0.6 && strength < 0.92)).toEqual([]);
  });

  test('is chosen with its row, its column or alone', () => {
    expect(isChosen([{ row: 1, column: null }], 1, 0)).toBe(true);
    expect(isChosen([{ row: null, column: 0 }], 1, 0)).toBe(true);
    expect(isChosen([{ row: 0, column: 0 }], 1, 0)).toBe(false);
  });

  test.each([2, 20, 40])('names %i classes whole, however many there are', (size) => {
    const classes = Array.from({ length: size }, (_, place) => `an expression ${place}`);
    const counts = classes.map((_, row) => classes.map((__, column) => row + column));
    const picture = pictureOf(
      <ConfusionMatrix {...matrix('counts')} classes={classes} counts={counts} normalised={counts} chosen={[]} />,
    );
    for (const name of classes) expect(picture.split(`<span class="name-full">${name}</span>`)).toHaveLength(3);
  });
});
