import type { EntityManager } from 'typeorm';
import type { Dataset } from '../datasets/dataset.entity.js';
import { ConflictError } from '../errors.js';
import { LabelSetKind } from './label-set-kind.js';
import type { LabelSet } from './label-set.entity.js';
import { checkLabelSetName, readDistributions, readLabels, storeLabelSet } from './label-store.js';
import { readSampleFacts } from './sample-facts.js';

interface Standing {
  index: number;
  to_label: number;
  distribution: number[] | null;
}

/**
 * A set of kind RELABELLED, in the caller's transaction: the base's labels, corrected by the newest decision on each
 * sample that is not undone; SKIP and
 * UNSURE leave the label as it is. @throws ConflictError where no decision would change anything.
 */
export async function applyAnnotations(
  manager: EntityManager,
  dataset: Dataset,
  base: LabelSet,
  { name, description }: { name: string; description: string | null },
): Promise<LabelSet> {
  checkLabelSetName(name);
  const standing: Standing[] = await manager.query(
    `SELECT s."index", a.to_label, a.distribution
       FROM (SELECT DISTINCT ON (sample_row) sample_row, to_label, distribution FROM annotation WHERE dataset_row = $1 AND undone_at IS NULL AND action NOT IN ('SKIP', 'UNSURE') ORDER BY sample_row, "row" DESC) a
       JOIN sample s ON s."row" = a.sample_row ORDER BY s."index"`,
    [dataset.row],
  );
  const labels = await readLabels(manager, base.row);
  const distributions = await readDistributions(manager, base.row);
  let changed = 0;
  for (const { index, to_label, distribution } of standing) {
    if (labels[index] !== to_label || JSON.stringify(distributions.get(index) ?? null) !== JSON.stringify(distribution))
      changed++;
    labels[index] = to_label;
    if (distribution) distributions.set(index, distribution);
    else distributions.delete(index);
  }
  if (changed === 0) {
    throw new ConflictError(
      `None of the ${standing.length} decisions on samples of "${dataset.name}" changes a label of "${base.name}": there is nothing to make a set of.`,
      { path: 'input.base', decisions: standing.length },
    );
  }
  const facts = await readSampleFacts(manager, dataset.row);
  const words =
    description?.trim() || `"${base.name}" with ${changed} labels changed by ${standing.length} decisions of people.`;
  return storeLabelSet(manager, dataset, facts, {
    name,
    kind: LabelSetKind.RELABELLED,
    parent: base,
    description: words,
    labels,
    distributions,
    origin: { annotations: standing.length },
  });
}
