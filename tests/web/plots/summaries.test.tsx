import { describe, expect, test } from 'vitest';
import { AttentionByClass } from '../../../web/src/plots/attention-by-class';
import { AttentionRange } from '../../../web/src/plots/attention-range';
import { AttentionScale } from '../../../web/src/plots/attention-scale';
import { ClassBalance } from '../../../web/src/plots/class-balance';
import { ShareBar } from '../../../web/src/plots/share-bar';
import { Sparkline } from '../../../web/src/plots/sparkline';
import { classColours, distributionColour } from '../../../web/src/theme/palette';
import { classes, pictureOf, seeded } from './picture';

describe('class balance', () => {
  test('is drawn with a part a split and the totals beside', async () => {
    const random = seeded();
    const splits = ['train', 'validation', 'test'].map((name) => ({
      name,
      classCounts: classes.map(() => 20 + random.integer(400)),
    }));
    const picture = pictureOf(<ClassBalance classes={classes} colours={classColours(classes)} splits={splits} />);
    await expect(picture).toMatchFileSnapshot('./__pictures__/class-balance.html');
    expect(picture).toContain(`neutral ${splits.reduce((sum, split) => sum + split.classCounts[0]!, 0)}`);
  });

  test('of a data set without samples has no shares', () => {
    expect(
      pictureOf(<ClassBalance classes={['a']} colours={['red']} splits={[{ name: 'train', classCounts: [0] }]} />),
    ).toContain('>–<');
  });
});

describe('attention', () => {
  test('of a sample is drawn on one axis', async () => {
    const marks = [
      { name: 'auxiliary a1', value: 0.25, colour: distributionColour.label },
      { name: 'fusion weight v', value: 1, colour: distributionColour.fused },
    ];
    await expect(pictureOf(<AttentionScale marks={marks} />)).toMatchFileSnapshot('./__pictures__/attention-scale.svg');
  });

  test('of a split is drawn as its range, and a collapsed one is still seen', async () => {
    await expect(
      pictureOf(<AttentionRange label="w" minimum={0.2} p5={0.3} mean={0.5} p95={0.8} maximum={0.9} />),
    ).toMatchFileSnapshot('./__pictures__/attention-range.svg');
    expect(pictureOf(<AttentionRange label="w" minimum={0.5} p5={0.5} mean={0.5} p95={0.5} maximum={0.5} />)).toContain(
      'width="1"',
    );
  });
});

describe('attention by class', () => {
  test('is drawn a row a class on one scale, and long names are cut with the whole one on hover', async () => {
    const random = seeded();
    const rows = [...classes.slice(0, 4), 'pleasantly surprised by it'].map((name) => {
      const [minimum, p5, mean, p95, maximum] = Array.from({ length: 5 }, () => random.uniform()).sort() as [
        number,
        number,
        number,
        number,
        number,
      ];
      return { class: name, samples: 40, minimum, p5, mean, p95, maximum };
    });
    const picture = pictureOf(<AttentionByClass rows={rows} label="Attention w" />);
    await expect(picture).toMatchFileSnapshot('./__pictures__/attention-by-class.svg');
    expect(picture).toContain('pleasantly sur…');
    expect(picture).toContain('<title>pleasantly surprised by it: mean');
  });
});

describe('a sparkline', () => {
  test('is drawn from the lowest to the highest value', async () => {
    const random = seeded();
    await expect(
      pictureOf(<Sparkline values={Array.from({ length: 20 }, () => random.uniform())} label="accuracy" />),
    ).toMatchFileSnapshot('./__pictures__/sparkline.svg');
  });

  test('of one value, or of equal ones, has no NaN', () => {
    expect(pictureOf(<Sparkline values={[0.4]} label="" />)).not.toContain('NaN');
    expect(pictureOf(<Sparkline values={[0.4, 0.4]} label="" />)).not.toContain('NaN');
    expect(pictureOf(<Sparkline values={[]} label="" />).trim()).toBe('');
  });
});

test('a share that is undefined has a dash and no bar', () => {
  const picture = pictureOf(<ShareBar value={null} />);
  expect(picture).toContain('–');
  expect(picture.match(/<rect/g)).toHaveLength(1);
});
