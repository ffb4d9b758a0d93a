import type { EntityManager } from 'typeorm';
import type { Dependent } from '../labels/label-set-maker.js';
import type { LabelSet } from '../labels/label-set.entity.js';
import { TrainingRun } from './training-run.entity.js';

/** Runs that trained on a label set, oldest first: it cannot go before them. */
export async function runsOnLabelSet(manager: EntityManager, set: LabelSet): Promise<Dependent[]> {
  const runs = await manager
    .getRepository(TrainingRun)
    .find({ where: { labelSetRow: set.row }, order: { row: 'ASC' } });
  return runs.map(({ id, name }) => ({ id, name }));
}
