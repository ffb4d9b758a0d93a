import { defaultConfig } from '../../../ada-df/config.js';
import { type Parameter, parametersOf } from '../../../ada-df/parameters.js';
import type { Architecture } from '../../../ada-df/resnet.js';

/** A tensor that a network needs, and the names it may have in a file. */
export interface ExpectedTensor {
  /** Ours: `auxiliary.layer2.0.conv1.weight`; of a bare backbone `layer2.0.conv1.weight`. */
  name: string;
  /** In PyTorch's layout. */
  shape: number[];
  /** The first is what is written; the others repeat it. */
  keys: string[];
}

/** Who named the tensors of a file. */
export type Naming = 'ada-df' | 'authors' | 'torchvision' | 'ada-df backbone';

/** Counters that PyTorch keeps in every batch norm and that nothing here needs. */
export const isBatchCounter = (key: string): boolean => key.endsWith('.num_batches_tracked');

/**
 * The whole network with `classes` classes, by our names or by those of the authors' `state_dict` (spec: `feature.*`,
 * `branch_N.*`, `alpha_N.0.*`).
 */
export function adaDfTensors(
  architecture: Architecture,
  classes: number,
  naming: 'ada-df' | 'authors',
): ExpectedTensor[] {
  return parametersOf({ ...defaultConfig, ...architecture, classes }).map(({ name, shape }) => ({
    name,
    shape,
    keys: naming === 'authors' ? authorsKeys(name) : [name],
  }));
}

/** Stem and layer1 to layer4, without classifier: what a training may start from. */
export function backboneTensors(
  architecture: Architecture,
  naming: 'torchvision' | 'ada-df backbone',
): ExpectedTensor[] {
  return backboneParameters(architecture).map(({ name, shape }) => ({
    name,
    shape,
    keys: [naming === 'torchvision' ? torchvisionKey(name) : name],
  }));
}

function backboneParameters(architecture: Architecture): Parameter[] {
  return parametersOf({ ...defaultConfig, ...architecture })
    .filter(({ name }) => !name.startsWith('target.') && !/^auxiliary\.(fc|attention)\./.test(name))
    .map((parameter) => ({ ...parameter, name: parameter.name.replace(/^auxiliary\./, '') }));
}

/** `auxiliary` is their branch 1, `target` branch 2; layer2 to layer4 are its children 0 to 2, `fc` is child 4. */
function authorsKeys(name: string): string[] {
  const shared = name
    .replace(/^stem\.conv\./, 'feature.0.')
    .replace(/^stem\.bn\./, 'feature.1.')
    .replace(/^layer1\./, 'feature.4.');
  if (shared !== name) return [shared];
  const [, branch, part, rest] = /^(auxiliary|target)\.(layer[234]|fc|attention)\.(.*)$/.exec(name)!;
  const number = branch === 'auxiliary' ? 1 : 2;
  if (part === 'attention') return [`alpha_${number}.0.${rest}`];
  if (part === 'fc') return [`branch_${number}.4.${rest}`, `branch_${number}_classifier.${rest}`];
  const child = Number(part!.at(-1)) - 2;
  return [`branch_${number}.${child}.${rest}`, `branch_${number}_feature.${child}.${rest}`];
}

function torchvisionKey(name: string): string {
  return name.replace(/^stem\.conv\./, 'conv1.').replace(/^stem\.bn\./, 'bn1.');
}
