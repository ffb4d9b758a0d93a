import type { EntityManager } from 'typeorm';
import type { Dataset } from '../datasets/dataset.entity.js';
import { noLabel } from './label-set-chunk.entity.js';
import { LabelSetKind } from './label-set-kind.js';
import { LabelSet } from './label-set.entity.js';
import { baseNames, storeLabelSet } from './label-store.js';
import { readSampleFacts, readVoteLabels } from './sample-facts.js';

/**
 * The sets that come with a data set: GIVEN, and CLEAN and VOTES where samples have them. Called in the transaction
 * that writes the samples; again, it changes nothing.
 */
export async function createBaseLabelSets(manager: EntityManager, dataset: Dataset): Promise<LabelSet> {
  const facts = await readSampleFacts(manager, dataset.row);
  const store = (
    kind: keyof typeof baseNames,
    labels: Int16Array,
    description: string,
    origin = {},
  ): Promise<LabelSet> =>
    storeLabelSet(manager, dataset, facts, { name: baseNames[kind], kind, parent: null, description, labels, origin });
  const given = await store(LabelSetKind.GIVEN, facts.given, 'The labels the data set came with.');
  if (facts.clean.some((label) => label !== noLabel))
    await store(LabelSetKind.CLEAN, facts.clean, 'The correct labels, where they are known.');
  const votes = await readVoteLabels(manager, dataset.row, facts.given.length);
  if (votes) {
    const description = `The class with the most votes. In ${votes.tied} samples several classes share the most; the first of them counts.`;
    await store(LabelSetKind.VOTES, votes.labels, description, { tied: votes.tied });
  }
  return given;
}

/** The given labels of a data set, made now where nobody has made them yet. */
export async function givenLabelSet(manager: EntityManager, dataset: Dataset): Promise<LabelSet> {
  const found = await manager.getRepository(LabelSet).findOneBy({ datasetRow: dataset.row, kind: LabelSetKind.GIVEN });
  return found ?? createBaseLabelSets(manager, dataset);
}
