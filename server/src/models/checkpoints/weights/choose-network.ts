import { InvalidInputError } from '../../../errors.js';
import { CheckpointFormatError } from '../format-error.js';
import { findNetworks, type NamedNetwork } from './network-names.js';
import type { WeightsFile, WeightsPart } from './weights-file.js';

/** One of the networks of a file. */
interface FoundNetwork extends NamedNetwork {
  /** Keys of the file and what stands before its names, like `state_dict_ema` or `state_dict.module.encoder_q`. */
  label: string;
  /** Class of the pickled module it was found in; null of a state dict. */
  moduleClass: string | null;
}

/** The network that was asked for, or the first; `others` are the labels of the rest. */
export interface ChosenNetwork {
  network: FoundNetwork;
  others: string[];
}

/** Copies that training scripts keep beside the trained weights: asked for by their label only. */
const copies =
  /(^|[._])(ema|teacher|shadow|momentum|averaged?|swa|encoder_k|key_encoder|target_encoder|target_network)([._]|$)/i;
const shownNames = 5;
const shownParts = 3;

/**
 * @param part label of one of them; null: whole networks before backbones, trained weights before their averages.
 * @throws CheckpointFormatError where there is none of known names, InvalidInputError for a label that is none.
 */
export function chooseNetwork(file: WeightsFile, part: string | null): ChosenNetwork {
  const networks = file.parts.flatMap((each) => networksOf(each)).toSorted((a, b) => rank(a) - rank(b));
  if (networks.length === 0) throw unknownNames(file.parts);
  const labels = networks.map(({ label }) => label);
  const network = part === null ? networks[0] : networks.find(({ label }) => label === part);
  if (!network) throw new InvalidInputError('part', `one of the networks of the file: ${labels.join(', ')}`, part);
  return { network, others: labels.filter((label) => label !== network.label) };
}

function networksOf({ path, tensors, moduleClass }: WeightsPart): FoundNetwork[] {
  return findNetworks(tensors).map((network) => {
    // Wrapping is no choice, so it is in no label: one that a person can guess.
    const label = [path, network.prefix.slice(0, -1)].filter((each) => each !== '').join('.');
    return { ...network, label: label || 'all', moduleClass };
  });
}

function rank({ naming, label }: FoundNetwork): number {
  const isWhole = naming === 'authors' || naming === 'ada-df';
  return (copies.test(label) ? 2 : 0) + (isWhole ? 0 : 1);
}

/** Says what was found instead; of a pickled module its class. */
export function unknownNames(parts: readonly WeightsPart[]): CheckpointFormatError {
  const found = parts.slice(0, shownParts).map(({ path, tensors, moduleClass }) => {
    const names = [...tensors.keys()].slice(0, shownNames).map((name) => name.slice(0, 100));
    const of = moduleClass ? ` in a whole module of class ${moduleClass}` : '';
    return `${names.join(', ')}${tensors.size > shownNames ? ', …' : ''}${of}${path ? ` (${path})` : ''}`;
  });
  return new CheckpointFormatError(
    "The names of the tensors are of no network known here: expected those of the authors' Ada-DF (feature.0.weight), " +
      'of this platform (stem.conv.weight) or of a ResNet-18 or ResNet-50 (conv1.weight, layer1.0.conv1.weight), ' +
      `found ${found.join('; and ')}.`,
  );
}
