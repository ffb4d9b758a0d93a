import type { EntityManager } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import type { CollectedRatings } from '../../datasets/imports/collected-ratings.js';

/** Ratings written by one statement. */
const ratingsOfAStatement = 100_000;

/** Writes the raters of a new data set and what they chose, in the transaction that writes its samples. */
export async function storeRatings(
  manager: EntityManager,
  dataset: Dataset,
  { raters, samples, whose, labels }: CollectedRatings,
): Promise<void> {
  if (labels.length === 0) return;
  const counts = raters.map(() => 0);
  for (const rater of whose) counts[rater]++;
  const rows: { row: number; name: string }[] = await manager.query(
    `INSERT INTO rater (dataset_row, name, ratings) SELECT $1, r.name, r.ratings FROM unnest($2::text[], $3::int[]) AS r(name, ratings) RETURNING "row", name`,
    [dataset.row, raters, counts],
  );
  const rowOf = new Map(rows.map(({ row, name }) => [name, row]));
  const raterRows = raters.map((name) => rowOf.get(name)!);
  for (let start = 0; start < labels.length; start += ratingsOfAStatement) {
    const end = start + ratingsOfAStatement;
    await manager.query(
      `INSERT INTO rating (sample_row, rater_row, label)
       SELECT s."row", r.rater, r.label FROM unnest($2::int[], $3::int[], $4::int[]) AS r(index, rater, label)
         JOIN sample s ON s.dataset_row = $1 AND s."index" = r.index`,
      [
        dataset.row,
        samples.slice(start, end),
        whose.slice(start, end).map((rater) => raterRows[rater]),
        labels.slice(start, end),
      ],
    );
  }
}
