import type { DataSource, EntityManager } from 'typeorm';
import { computesLong, holdRows } from '../transactions.js';
import { Dataset } from '../datasets/dataset.entity.js';
import { ConflictError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import type { ImportLabelListInput, MakeLabelSetInput } from './annotation-input.js';
import { applyAnnotations } from './apply-annotations.js';
import { givenLabelSet } from './base-label-sets.js';
import { LabelSet } from './label-set.entity.js';
import { requireLabelSet } from './label-set.service.js';
import { baseNames, readLabels } from './label-store.js';
import { injectNoise, type Ambiguity } from './noise/inject-noise.js';
import type { LabelNoiseInput } from './noise/noise-input.js';
import { importLabelList } from './published-list.js';

/** Something that would lose its meaning without the set. */
export interface Dependent {
  id: string;
  name: string;
}

/** What later rooms know to depend on a set. Given at composition. */
export type FindDependents = (manager: EntityManager, set: LabelSet) => Promise<Dependent[]>;

const shownDependents = 10;

/** Makes and deletes label sets; each call is one transaction. */
export class LabelSetMaker {
  constructor(
    private readonly dataSource: DataSource,
    private readonly findDependents: FindDependents,
  ) {}

  /** @param ambiguity for INSTANCE: instead of votes or true distributions. */
  injectNoise(input: LabelNoiseInput, ambiguity: Ambiguity | null = null): Promise<LabelSet> {
    return this.within(input.dataset, (manager, dataset) => injectNoise(manager, dataset, input, ambiguity));
  }

  importList(input: ImportLabelListInput): Promise<LabelSet> {
    return this.within(input.dataset, async (manager, dataset) => {
      const set = await baseOf(manager, dataset, input.base ?? null);
      return importLabelList(
        manager,
        dataset,
        { set, labels: await readLabels(manager, set.row) },
        { name: input.name, source: input.source?.trim() || 'a list', text: input.list },
      );
    });
  }

  fromAnnotations(input: MakeLabelSetInput): Promise<LabelSet> {
    return this.within(input.dataset, async (manager, dataset) =>
      applyAnnotations(manager, dataset, await baseOf(manager, dataset, input.base ?? null), {
        name: input.name,
        description: input.description ?? null,
      }),
    );
  }

  /**
   * The set as it was. @throws ConflictError where it came with the data set or something depends on it; the details
   * list what.
   */
  delete(id: string): Promise<LabelSet> {
    return this.dataSource.transaction(async (manager) => {
      const set = await requireLabelSet(manager, id, 'labelSet');
      await manager.query('SELECT 1 FROM label_set WHERE "row" = $1 FOR UPDATE', [set.row]);
      if (set.kind in baseNames)
        throw new ConflictError(`Label set "${set.name}" came with its data set and goes with it only.`, {
          labelSet: id,
        });
      const children = await manager
        .getRepository(LabelSet)
        .find({ where: { parentRow: set.row }, order: { row: 'ASC' } });
      const dependents = [
        ...children.map(({ id: child, name }) => ({ id: child, name })),
        ...(await this.findDependents(manager, set)),
      ];
      if (dependents.length > 0) {
        const shown = dependents
          .slice(0, shownDependents)
          .map((dependent) => `${dependent.id} "${dependent.name}"`)
          .join(', ');
        const more = dependents.length > shownDependents ? ` and ${dependents.length - shownDependents} more` : '';
        throw new ConflictError(
          `Label set "${set.name}" cannot be deleted: ${shown}${more} depend on it. Delete them first.`,
          { labelSet: id, dependents },
        );
      }
      await manager.getRepository(LabelSet).delete({ row: set.row });
      return set;
    });
  }

  private async within(
    datasetId: string,
    make: (manager: EntityManager, dataset: Dataset) => Promise<LabelSet>,
  ): Promise<LabelSet> {
    const row = rowOf('dataset', datasetId, 'input.dataset');
    const dataset = requireFound(
      await this.dataSource.getRepository(Dataset).findOneBy({ row }),
      'Data set',
      datasetId,
    );
    return this.dataSource.transaction(async (manager) => {
      await computesLong((sql) => manager.query(sql));
      await holdRows(manager, [{ table: 'dataset', row, what: 'Data set', id: datasetId }]);
      return make(manager, dataset);
    });
  }
}

function baseOf(manager: EntityManager, dataset: Dataset, id: string | null): Promise<LabelSet> {
  return id === null ? givenLabelSet(manager, dataset) : requireLabelSet(manager, id, 'input.base', dataset.row);
}
