import type { Dataset } from './dataset.entity.js';
import { Sample } from './sample.entity.js';
import type { Split } from '../split.js';

/** A row of table `sample` as the driver returns it. */
export interface SampleRow {
  row: number;
  dataset_row: number;
  index: number;
  key: string;
  split: Split;
  given_label: number;
  clean_label: number | null;
  raw_label: string | null;
  votes: number[] | null;
  outside_votes: Record<string, number> | null;
  true_distribution: number[] | null;
  subject: string | null;
  image_path: string;
  width: number;
  height: number;
  content_hash: string | null;
  action_units: Record<string, number> | null;
}

export const sampleColumns =
  's.row, s.dataset_row, s.index, s.key, s.split, s.given_label, s.clean_label, s.raw_label, s.votes, s.outside_votes, s.true_distribution, s.subject, s.image_path, s.width, s.height, s.content_hash, s.action_units';

/** Plain SQL and this function read a page of samples in about a third of the time the ORM takes. */
export function sampleFrom(row: SampleRow, dataset: Dataset): Sample {
  const sample = new Sample();
  sample.row = row.row;
  sample.datasetRow = row.dataset_row;
  sample.dataset = dataset;
  sample.index = row.index;
  sample.key = row.key;
  sample.split = row.split;
  sample.givenLabelIndex = row.given_label;
  sample.cleanLabelIndex = row.clean_label;
  sample.rawLabel = row.raw_label;
  sample.votes = row.votes;
  sample.outsideVotes = row.outside_votes;
  sample.trueDistribution = row.true_distribution;
  sample.subject = row.subject;
  sample.imagePath = row.image_path;
  sample.width = row.width;
  sample.height = row.height;
  sample.contentHash = row.content_hash;
  sample.actionUnitActivations = row.action_units;
  return sample;
}
