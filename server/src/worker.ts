import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: imports wait for the check.
demandNode();
await import('reflect-metadata');
const { runWorker } = await loadInstalled(() => import('./platform/run-worker.js'));

await runWorker();
