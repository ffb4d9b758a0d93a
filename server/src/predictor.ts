import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: the import waits for the check.
demandNode();
const { servePredictions } = await import('./predictions/serve-predictions.js');
servePredictions();
