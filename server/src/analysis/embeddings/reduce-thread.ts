import { serveTasks } from '../../threads.js';
import { type FeaturesToReduce, type ReducedFeatures, reduceFeatures } from './reduce-features.js';

serveTasks<FeaturesToReduce, ReducedFeatures>(reduceFeatures);
