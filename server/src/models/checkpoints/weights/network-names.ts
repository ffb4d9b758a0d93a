import type { StoredTensor } from './weights-parts.js';
import type { Naming } from './weight-names.js';

/** A network found among the tensors of a part, under the names that `naming` gives them. */
export interface NamedNetwork {
  naming: Naming;
  /** What stands before its names in the file, like `module.encoder_q.`. */
  prefix: string;
  tensors: Map<string, StoredTensor>;
  /** Name in the file of each of `tensors`. */
  fileNames: Map<string, string>;
  /** Names in the file that are none of this network's. */
  others: string[];
}

/** Copies within a file that are told apart: student, teacher, two encoders. A file with more is no checkpoint. */
const mostNetworks = 16;

/** Segments that wrapping a module, or a part of it, puts into its names. */
const wrapping = new Set([
  'module',
  '_orig_mod',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
  '_forward_module',
]);

interface Cleaned {
  tensors: ReadonlyMap<string, StoredTensor>;
  /** Name in the file of each. */
  fileNames: ReadonlyMap<string, string>;
}

/** Every network of known names in `tensors`, whole ones first. */
export function findNetworks(tensors: ReadonlyMap<string, StoredTensor>): NamedNetwork[] {
  const cleaned = withoutWrapping(tensors);
  const whole = [...wholeNetworks(cleaned, 'authors'), ...wholeNetworks(cleaned, 'ada-df')];
  return whole.length > 0 ? whole : backbones(cleaned);
}

/** `module.` of DataParallel, `_orig_mod.` of torch.compile and the like, wherever they stand. */
function withoutWrapping(tensors: ReadonlyMap<string, StoredTensor>): Cleaned {
  const bare = (name: string): string =>
    name
      .split('.')
      .filter((segment, n, all) => n === all.length - 1 || !wrapping.has(segment))
      .join('.');
  const fileNames = new Map<string, string>();
  for (const name of tensors.keys()) fileNames.set(fileNames.has(bare(name)) ? name : bare(name), name);
  return { fileNames, tensors: new Map([...fileNames].map(([name, file]) => [name, tensors.get(file)!])) };
}

/** Networks with two branches: the shared stem and one of the branches tell them. */
function wholeNetworks({ tensors, fileNames }: Cleaned, naming: 'authors' | 'ada-df'): NamedNetwork[] {
  const [stem, parts] =
    naming === 'authors'
      ? ['feature.0.weight', /^(feature|branch_[12](_feature|_classifier)?|alpha_[12])\./]
      : ['stem.conv.weight', /^(stem|layer1|auxiliary|target)\./];
  const names = [...tensors.keys()];
  const branch = naming === 'authors' ? 'branch_' : 'auxiliary.';
  return prefixesBefore(names, stem)
    .filter((prefix) => names.some((name) => name.startsWith(`${prefix}${branch}`)))
    .slice(0, mostNetworks)
    .map((prefix) => {
      const own = names.filter((name) => name.startsWith(prefix) && parts.test(name.slice(prefix.length)));
      return network(naming, prefix, tensors, fileNames, new Map(own.map((name) => [name.slice(prefix.length), name])));
    });
}

/** What stands before `ending` in the names that end with it. */
function prefixesBefore(names: readonly string[], ending: string): string[] {
  return names
    .filter((name) => name === ending || name.endsWith(`.${ending}`))
    .slice(0, mostNetworks)
    .map((name) => name.slice(0, name.length - ending.length));
}

/** ResNets: four groups of residual blocks below one name, whatever they are called, and a stem beside them. */
function backbones({ tensors, fileNames }: Cleaned): NamedNetwork[] {
  const names = [...tensors.keys()];
  const found = blockGroups(names).map(([prefix, groups]) => {
    const isOurs = tensors.has(`${prefix}stem.conv.weight`);
    const own = new Map<string, string>();
    for (const name of names) {
      const inside = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      const [group, ...rest] = inside.split('.');
      const number = groups.indexOf(group!) + 1;
      if (number > 0) own.set(`layer${number}.${rest.join('.').replace('.shortcut.', '.downsample.')}`, name);
    }
    for (const [key, name] of stemOf(prefix, tensors, new Set(own.values()), isOurs)) own.set(key, name);
    return network(isOurs ? 'ada-df backbone' : 'torchvision', prefix, tensors, fileNames, own);
  });
  if (found.length > 0 || !tensors.has('conv1.weight')) return found;
  // No blocks, but a first convolution by the name of torchvision: what it lacks is said name by name.
  const own = names.filter((name) => /^(conv1|bn1|layer[1-4])\./.test(name));
  return [network('torchvision', '', tensors, fileNames, new Map(own.map((name) => [name, name])))];
}

/** The four groups of blocks by what stands before them, in numeric order: `layer1` to `layer4`, or `4` to `7`. */
function blockGroups(names: readonly string[]): [prefix: string, groups: string[]][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const path = name.split('.');
    const at = path.length - 4;
    // <prefix>.<group>.0.conv1.weight
    if (at < 0 || path.slice(at + 1).join('.') !== '0.conv1.weight') continue;
    const prefix = path
      .slice(0, at)
      .map((segment) => `${segment}.`)
      .join('');
    const found = groups.get(prefix) ?? [];
    found.push(path[at]);
    groups.set(prefix, found);
  }
  const number = (name: string): number => Number(/\d{1,9}$/.exec(name)?.[0] ?? 0);
  return [...groups]
    .map(([prefix, found]): [string, string[]] => [prefix, fourOf(found.toSorted((a, b) => number(a) - number(b)))])
    .filter(([, found]) => found.length === 4)
    .slice(0, mostNetworks);
}

const usualGroups = ['layer1', 'layer2', 'layer3', 'layer4'];

/** Where there are more than four groups, the usual ones. */
const fourOf = (groups: string[]): string[] =>
  usualGroups.every((name) => groups.includes(name)) ? usualGroups : groups;

const normTensors = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/** First convolution and its norm: by their usual names, else the only ones outside the blocks that could be. */
function stemOf(
  prefix: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  blocks: ReadonlySet<string>,
  isOurs: boolean,
): Map<string, string> {
  const [convolution, norm] = isOurs ? ['stem.conv', 'stem.bn'] : ['conv1', 'bn1'];
  const shorter = prefix.slice(0, prefix.slice(0, -1).lastIndexOf('.') + 1);
  const outside = [...tensors.keys()].filter((name) => name.startsWith(prefix) && !blocks.has(name));
  const stem = new Map<string, string>();
  const conv =
    outside.find((name) => name === `${prefix}${convolution}.weight`) ??
    only(outside.filter((name) => name.endsWith('.weight') && isStem(tensors.get(name)!)));
  if (conv === undefined) return prefix === '' ? stem : stemOf(shorter, tensors, blocks, isOurs);
  stem.set(`${convolution}.weight`, conv);
  if (tensors.has(conv.replace(/weight$/, 'bias'))) stem.set(`${convolution}.bias`, conv.replace(/weight$/, 'bias'));
  const width = tensors.get(conv)!.shape[0];
  const bn =
    outside.find((name) => name === `${prefix}${norm}.running_mean`) ??
    only(outside.filter((name) => name.endsWith('.running_mean') && tensors.get(name)!.shape.join() === String(width)));
  const place = bn?.slice(0, -'running_mean'.length) ?? `${prefix}${norm}.`;
  for (const part of normTensors) if (tensors.has(`${place}${part}`)) stem.set(`${norm}.${part}`, `${place}${part}`);
  return stem;
}

/** A convolution of 7 x 7 over few channels. */
const isStem = ({ shape }: StoredTensor): boolean => shape.length === 4 && shape[1] <= 4 && shape[2] === 7;

const only = (names: readonly string[]): string | undefined => (names.length === 1 ? names[0] : undefined);

function network(
  naming: Naming,
  prefix: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  fileNames: ReadonlyMap<string, string>,
  own: ReadonlyMap<string, string>,
): NamedNetwork {
  const taken = new Set(own.values());
  return {
    naming,
    prefix,
    tensors: new Map([...own].map(([key, name]) => [key, tensors.get(name)!])),
    fileNames: new Map([...own].map(([key, name]) => [key, fileNames.get(name)!])),
    others: [...fileNames].filter(([name]) => !taken.has(name)).map(([, file]) => file),
  };
}
