import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import type { Split } from '../../split.js';
import { Rater } from './rater.entity.js';

/** A rating of one sample. */
export interface SampleRating {
  rater: string;
  /** Name of the class. */
  label: string;
}

/** Who rates: a rater of the source, or somebody who decided on labels here. */
interface WhoRated {
  name: string;
  labeller: boolean;
}

/** Everything that is known of who says what of the samples of a data set. */
export interface RatedSamples {
  /** Rows of `sample` with a rating or a vote, ascending, `[N]`. */
  sampleRows: Int32Array;
  /** Given labels, `[N]`. */
  given: Int16Array;
  /** Votes for each class, `[N * C]`: of the source, plus one for each labeller who decided. */
  counts: Float64Array;
  raters: WhoRated[];
  /** Place of the sample and of the rater, and class index, `[M]` each. */
  samples: Int32Array;
  whose: Int32Array;
  labels: Int16Array;
}

export class RaterService {
  private readonly ratings = new DataLoader((rows: readonly number[]) => this.load(rows), { cache: false });

  constructor(private readonly dataSource: DataSource) {}

  byRow(row: number): Promise<Rater | null> {
    return this.dataSource.getRepository(Rater).findOneBy({ row });
  }

  /** In alphabetical order. */
  ofDataset(datasetRow: number): Promise<Rater[]> {
    return this.dataSource.getRepository(Rater).find({ where: { datasetRow }, order: { name: 'ASC' } });
  }

  /** In the order of the source. */
  ofSample(sampleRow: number): Promise<SampleRating[]> {
    return this.ratings.load(sampleRow);
  }

  private async load(rows: readonly number[]): Promise<SampleRating[][]> {
    const found: (SampleRating & { sample_row: number })[] = await this.dataSource.query(
      `SELECT g.sample_row, r.name AS rater, d.classes[g.label + 1] AS label
         FROM rating g JOIN rater r ON r."row" = g.rater_row JOIN dataset d ON d."row" = r.dataset_row
        WHERE g.sample_row = ANY($1::int[]) ORDER BY g."row"`,
      [rows],
    );
    const bySample = new Map<number, SampleRating[]>(rows.map((row) => [row, []]));
    for (const { sample_row, rater, label } of found) bySample.get(sample_row)!.push({ rater, label });
    return rows.map((row) => bySample.get(row)!);
  }

  /** @param labellers whether the newest decision of each person here on each sample counts as a rating. */
  async read(datasetRow: number, classes: number, split: Split | null, labellers: boolean): Promise<RatedSamples> {
    const inSplit = 's.dataset_row = $1 AND ($2::split IS NULL OR s.split = $2::split)';
    const given: RatingRead[] = await this.dataSource.query(
      `SELECT g.sample_row AS sample, r.name AS rater, false AS labeller, g.label
         FROM rating g JOIN rater r ON r."row" = g.rater_row JOIN sample s ON s."row" = g.sample_row
        WHERE ${inSplit} ORDER BY g."row"`,
      [datasetRow, split],
    );
    const decided: RatingRead[] = labellers
      ? await this.dataSource.query(
          `SELECT DISTINCT ON (a.sample_row, a.author) a.sample_row AS sample, coalesce(a.author, '') AS rater, true AS labeller, a.to_label AS label
             FROM annotation a JOIN sample s ON s."row" = a.sample_row
            WHERE ${inSplit} AND a.undone_at IS NULL AND a.action IN ('RELABEL', 'CONFIRM') AND a.to_label IS NOT NULL
            ORDER BY a.sample_row, a.author, a."row" DESC`,
          [datasetRow, split],
        )
      : [];
    const voted: { row: number; given: number; votes: number[] | null }[] = await this.dataSource.query(
      `SELECT s."row", s.given_label AS given, s.votes FROM sample s
        WHERE ${inSplit} AND (s.votes IS NOT NULL OR s."row" = ANY($3::int[])) ORDER BY s."row"`,
      [datasetRow, split, [...new Set(decided.map(({ sample }) => sample))]],
    );
    return join(voted, [...given, ...decided], classes);
  }
}

interface RatingRead {
  sample: number;
  rater: string;
  labeller: boolean;
  label: number;
}

function join(
  voted: readonly { row: number; given: number; votes: number[] | null }[],
  ratings: readonly RatingRead[],
  classes: number,
): RatedSamples {
  const places = new Map(voted.map(({ row }, place) => [row, place]));
  const counts = new Float64Array(voted.length * classes);
  voted.forEach(({ votes }, place) => votes?.forEach((count, k) => (counts[place * classes + k] = count)));
  const raters = new Map<string, { place: number; who: WhoRated }>();
  const known = ratings.filter(({ sample }) => places.has(sample));
  const whose = known.map(({ rater, labeller }) => {
    const key = `${labeller} ${rater}`;
    const found = raters.get(key) ?? { place: raters.size, who: { name: rater, labeller } };
    raters.set(key, found);
    return found.place;
  });
  for (const { sample, label, labeller } of known) if (labeller) counts[places.get(sample)! * classes + label]++;
  return {
    sampleRows: Int32Array.from(voted, ({ row }) => row),
    given: Int16Array.from(voted, (one) => one.given),
    counts,
    raters: [...raters.values()].map(({ who }) => who),
    samples: Int32Array.from(known, ({ sample }) => places.get(sample)!),
    whose: Int32Array.from(whose),
    labels: Int16Array.from(known, ({ label }) => label),
  };
}
