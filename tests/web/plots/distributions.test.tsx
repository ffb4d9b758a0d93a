import { describe, expect, test } from 'vitest';
import { ClassHeatMap } from '../../../web/src/plots/class-heat-map';
import { DistributionBars } from '../../../web/src/plots/distribution-bars';
import { DistributionStrip } from '../../../web/src/plots/distribution-strip';
import { StackedAreas } from '../../../web/src/plots/stacked-areas';
import { classColours, distributionColour } from '../../../web/src/theme/palette';
import { classes, distribution, pictureOf, seeded } from './picture';

const colours = classColours(classes);
const widths = (picture: string): number[] =>
  [...picture.matchAll(/<rect x="[\d.]+"[^>]* width="([\d.]+)"[^>]*fill:var\(--distribution/g)].map((match) =>
    Number(match[1]),
  );

describe('a distribution as bars', () => {
  test('is drawn with its largest class in bold and the given label ringed', async () => {
    const picture = pictureOf(
      <DistributionBars
        name="fused"
        title="Fused"
        note="v = 0.62"
        classes={classes}
        distribution={distribution(seeded(), 4)}
        colour={distributionColour.fused}
        marked="anger"
      />,
    );
    await expect(picture).toMatchFileSnapshot('./__pictures__/distribution-bars.svg');
    expect(picture).toMatch(/font-weight="700"[^]*?>fear</);
    expect(picture.match(/<circle/g)).toHaveLength(1);
  });

  test('has bars in proportion to the shares', () => {
    const shares = [0.5, 0.25, 0.125, 0.125, 0, 0, 0, 0];
    const bars = widths(
      pictureOf(
        <DistributionBars
          name="label"
          title="Label"
          classes={classes}
          distribution={shares}
          colour={distributionColour.label}
        />,
      ),
    );
    expect(bars).toHaveLength(8);
    expect(bars.map((bar) => bar / bars[0]!)).toEqual([1, 0.5, 0.25, 0.25, 0, 0, 0, 0]);
  });

  test("does not leave its track where the reference's fallback row sums to more than 1", () => {
    const picture = pictureOf(
      <DistributionBars
        name="class"
        title="Class"
        classes={['a', 'b']}
        distribution={[1.1, 0.4]}
        colour={distributionColour.class}
      />,
    );
    expect(Math.max(...widths(picture))).toBeLessThanOrEqual(130);
    expect(picture).toContain('>110.0<');
  });
});

describe('class distributions as a heat map', () => {
  const rows = classes.map((name, place) => ({
    class: name,
    distribution: distribution(seeded(), place),
    fallback: place >= 6,
    samples: 100 + place,
  }));

  test('are drawn with the fallback rows framed, hatched and named', async () => {
    const picture = pictureOf(<ClassHeatMap rows={rows} label="Class distributions of epoch 3" />);
    await expect(picture).toMatchFileSnapshot('./__pictures__/class-heat-map.svg');
    expect(picture.match(/>fallback</g)).toHaveLength(2);
    expect(picture.match(/>n \d+</g)).toHaveLength(6);
  });
});

describe('a distribution as a strip', () => {
  test('leaves out what has no share, and gives each class its colour', async () => {
    const picture = pictureOf(
      <DistributionStrip classes={classes} values={[4, 0, 0, 3, 0, 2, 0, 1]} colours={colours} label="votes" />,
    );
    await expect(picture).toMatchFileSnapshot('./__pictures__/distribution-strip.svg');
    expect(picture.match(/<rect/g)).toHaveLength(4);
    expect(picture).toContain('neutral 40.0 %');
  });

  test('draws nothing where nobody voted', () => {
    expect(
      pictureOf(<DistributionStrip classes={classes} values={classes.map(() => 0)} colours={colours} label="votes" />),
    ).not.toContain('<rect');
  });
});

describe('a history as stacked areas', () => {
  const random = seeded();
  const epochs = Array.from({ length: 12 }, (_, place) => place + 1);
  const history = epochs.map((epoch) => distribution(random, epoch < 6 ? 2 : 5));

  test('is drawn with every class and the marked epoch', async () => {
    const picture = pictureOf(
      <StackedAreas
        classes={classes}
        colours={colours}
        epochs={epochs}
        distributions={history}
        marked={9}
        label="Target distribution by epoch"
      />,
    );
    await expect(picture).toMatchFileSnapshot('./__pictures__/stacked-areas.svg');
    expect(picture.match(/<polygon/g)).toHaveLength(8);
  });

  test('fills the whole height at every epoch', () => {
    const last = pictureOf(
      <StackedAreas classes={classes} colours={colours} epochs={epochs} distributions={history} label="" />,
    )
      .match(/<polygon points="([^"]+)"/g)!
      .at(-1)!;
    const tops = last
      .replace('<polygon points="', '')
      .replace('"', '')
      .split(' ')
      .slice(0, 12)
      .map((point) => Number(point.split(',')[1]));
    for (const top of tops) expect(top).toBeCloseTo(6, 1);
  });
});
