import {
  canberra,
  chebyshev,
  clark,
  cosine,
  euclidean,
  hellinger,
  intersection,
  jensenShannon,
  kullbackLeibler,
} from '../../metrics/distances.js';
import { DistanceMeasure } from './vocabulary.js';

/** What each measure between two distributions computes. */
export const distanceFunctions: Readonly<
  Record<DistanceMeasure, (u: ArrayLike<number>, v: ArrayLike<number>) => number>
> = {
  [DistanceMeasure.KULLBACK_LEIBLER]: kullbackLeibler,
  [DistanceMeasure.JENSEN_SHANNON]: jensenShannon,
  [DistanceMeasure.CHEBYSHEV]: chebyshev,
  [DistanceMeasure.CLARK]: clark,
  [DistanceMeasure.CANBERRA]: canberra,
  [DistanceMeasure.COSINE]: cosine,
  [DistanceMeasure.INTERSECTION]: intersection,
  [DistanceMeasure.EUCLIDEAN]: euclidean,
  [DistanceMeasure.HELLINGER]: hellinger,
};
