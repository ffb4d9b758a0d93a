import { servePredictions } from './predictions/serve-predictions.js';

servePredictions();
