import type { ImportRecord } from '../importers/importer.js';

/** Ratings of the samples that were kept, in the order in which they came. */
export class CollectedRatings {
  /** Names, `[R]`. */
  readonly raters: string[] = [];
  /** `Sample.index`, place in `raters` and class index of each rating, `[M]`. */
  readonly samples: number[] = [];
  readonly whose: number[] = [];
  readonly labels: number[] = [];
  private readonly places = new Map<string, number>();

  /** @param index of the sample that the record became. */
  take({ ratings = [] }: Pick<ImportRecord, 'ratings'>, index: number): void {
    for (const { rater, label } of ratings) {
      // Nobody can say whether the third rating of two pictures is of one person.
      if (rater === null) continue;
      const name = rater.replaceAll('\0', '\ufffd');
      let place = this.places.get(name);
      if (place === undefined) {
        place = this.raters.length;
        this.places.set(name, place);
        this.raters.push(name);
      }
      this.samples.push(index);
      this.whose.push(place);
      this.labels.push(label);
    }
  }
}
