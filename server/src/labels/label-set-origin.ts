import type { NoiseRecord } from './noise/noise-record.js';

/** What made a set, as numbers: kept with it. */
export interface LabelSetOrigin {
  /** VOTES: samples whose highest vote is shared by several classes. */
  tied?: number;
  noise?: NoiseRecord;
  /** RELABELLED: annotations that were applied. */
  annotations?: number;
  /** PUBLISHED: name of the file, and lines that name no sample of the data set. */
  file?: string;
  unknownKeys?: number;
}
