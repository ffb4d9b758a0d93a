import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: the import waits for the check.
demandNode();
const { servePredictions } = await loadInstalled(() => import('./predictions/serve-predictions.js'));
servePredictions();
