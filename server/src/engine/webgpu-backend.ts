import { BackendUnavailable, type StartedBackend } from './started-backend.js';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export async function startWebgpu(): Promise<StartedBackend> {
  for (const name of ['webgpu', '@tensorflow/tfjs-backend-webgpu']) {
    try {
      require.resolve(name);
    } catch {
      throw new BackendUnavailable(`package ${name} is not installed`);
    }
  }
  throw new BackendUnavailable('not available in this version');
}
