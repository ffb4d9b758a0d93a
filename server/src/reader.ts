import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: the imports wait for the check.
demandNode();
await import('reflect-metadata');
const { serveReadings } = await loadInstalled(() => import('./untrusted/serve-readings.js'));
const { readings } = await import('./platform/readings.js');
serveReadings(readings);
