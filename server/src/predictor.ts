import { servePredictions } from './training/prediction/serve-predictions.js';

servePredictions();
