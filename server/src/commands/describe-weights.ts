import path from 'node:path';
import type { LeftOut } from '../models/checkpoints/weights/found-names.js';
import type { ReadWeights } from '../models/checkpoints/weights/read-weights.js';

/** Rows of a list that are shown; the API has all of them. */
const shownRows = 12;

/** What a file of weights holds and what of it is taken, for a person: some indented lines. */
export function describeWeights(file: string, weights: ReadWeights): string {
  const { classes, naming, format, part, moduleClass, mapping, leftOut, objects, otherParts } = weights;
  const counters = weights.ignored.length - leftOut.reduce((sum, { tensors }) => sum + tensors, 0);
  const lines = [
    `${path.basename(file)}: ${headline(weights)}`,
    `  ${format === 'PYTORCH' ? 'PyTorch' : 'safetensors'}, names of ${naming}${part === 'all' ? '' : `, found at ${part}`}`,
  ];
  if (moduleClass) lines.push(`  the parameters and buffers of a whole module of class ${moduleClass}`);
  const said = Object.entries({
    epoch: weights.epoch,
    accuracy: weights.accuracy,
    'best accuracy': weights.bestAccuracy,
  }).flatMap(([key, value]) => (value === null ? [] : [`${key} ${value}`]));
  if (said.length > 0) lines.push(`  it says: ${said.join(', ')}`);
  if (classes !== null)
    lines.push(
      `  class distributions: ${weights.classDistributions ? diagonal(weights.classDistributions, classes) : 'none'}`,
    );
  if (mapping.length > 0)
    lines.push('  names:', ...rows(mapping.map(({ file: from, here }) => `${from || '…'} -> ${here || '…'}`)));
  if (leftOut.length > 0) lines.push('  left out:', ...rows(leftOut.map(describePiece)));
  if (counters > 0) lines.push(`  left out: ${counters} counters of batch norms`);
  if (objects.length > 0) lines.push('  objects in the file, not made:', ...rows(objects));
  if (otherParts.length > 0) lines.push('  other networks in the file (--part):', ...rows(otherParts));
  return `${lines.join('\n')}\n`;
}

function headline({ architecture, classes, tensors }: ReadWeights): string {
  const numbers = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  const name = architecture.backbone === 'resnet18' ? 'ResNet-18' : 'ResNet-50';
  const network = classes === null ? `backbone ${name}` : `Ada-DF on ${name}, ${classes} classes`;
  return `${network}, width ${architecture.width}, ${tensors.size} tensors, ${numbers.toLocaleString('en')} numbers`;
}

const describePiece = ({ name, tensors, shape }: LeftOut): string =>
  `${name} [${shape.join(', ')}]${tensors > 1 ? `, ${tensors} tensors` : ''}`;

function rows(texts: readonly string[]): string[] {
  const more = texts.length > shownRows ? [`    and ${texts.length - shownRows} more`] : [];
  return [...texts.slice(0, shownRows).map((text) => `    ${text}`), ...more];
}

function diagonal(distributions: Float32Array, classes: number): string {
  return `own class ${Array.from({ length: classes }, (_, k) => distributions[k * classes + k].toFixed(2)).join(' ')}`;
}
