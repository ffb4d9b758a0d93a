// Packages that compute on a GPU: named in package.json (peerDependencies, all optional), installed only where they
// can be of use. docs/gpu.md says what each is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const webgpu = ['webgpu', '@tensorflow/tfjs-backend-webgpu'];
const cuda = ['@tensorflow/tfjs-node-gpu'];

/** Whether NVIDIA's kernel driver is loaded. */
export function seesNvidia() {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
}

/** Whether a GPU of any maker can be rendered with; /dev/dxg is that of WSL. */
export function seesGpu() {
  const renderers = existsSync('/dev/dri') ? readdirSync('/dev/dri').filter((name) => name.startsWith('renderD')) : [];
  return renderers.length > 0 || existsSync('/dev/dxg') || seesNvidia();
}

/** [name, version] of those wanted here. @param asked by `npm run gpu`; @param tests those that tests run on a processor. */
export function gpuPackages(root, { tests, asked }) {
  const { peerDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const fitsCuda = process.platform === 'linux' && process.arch === 'x64';
  const names = [...(asked || tests || seesGpu() ? webgpu : []), ...(fitsCuda && (asked || seesNvidia()) ? cuda : [])];
  return names.map((name) => [name, peerDependencies[name]]);
}
