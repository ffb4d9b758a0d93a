import { describe, expect, test } from 'vitest';
import { ConfusionMatrix, type ConfusionMatrixProps } from '../../../web/src/plots/confusion-matrix';
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
    selected: { row: 1, column: 0 },
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
      .filter((line) => line.startsWith('<button'));
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
