import type { EntityManager } from 'typeorm';
import type { ImportRecord } from '../importers/importer.js';
import type { PictureLook } from './picture-look.js';

/** Samples of one statement. */
const samplesOfAStatement = 20_000;

/** What else is known of the samples that were kept, in the order of their indices. */
export class CollectedDetails {
  private readonly brightness: number[] = [];
  private readonly sharpness: number[] = [];
  private readonly attributes = new Map<number, string>();

  take({ attributes }: Pick<ImportRecord, 'attributes'>, { brightness, sharpness }: PictureLook): void {
    if (attributes && Object.keys(attributes).length > 0)
      this.attributes.set(this.brightness.length, JSON.stringify(attributes).replaceAll('\\u0000', '\ufffd'));
    this.brightness.push(brightness);
    this.sharpness.push(sharpness);
  }

  /** In the transaction that has written the samples. */
  async write(manager: EntityManager, datasetRow: number): Promise<void> {
    for (let first = 0; first < this.brightness.length; first += samplesOfAStatement) {
      const end = Math.min(first + samplesOfAStatement, this.brightness.length);
      const indices = Array.from({ length: end - first }, (_, n) => first + n);
      await manager.query(
        `INSERT INTO sample_detail (sample_row, brightness, sharpness, attributes)
         SELECT s."row", d.brightness, d.sharpness, d.attributes::jsonb
           FROM unnest($2::int[], $3::real[], $4::real[], $5::text[]) AS d(index, brightness, sharpness, attributes)
           JOIN sample s ON s.dataset_row = $1 AND s."index" = d.index`,
        [
          datasetRow,
          indices,
          this.brightness.slice(first, end),
          this.sharpness.slice(first, end),
          indices.map((index) => this.attributes.get(index) ?? null),
        ],
      );
    }
  }
}
