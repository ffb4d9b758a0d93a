import type { DataSource } from 'typeorm';
import type { Checkpoint } from '../checkpoint.entity.js';
import { Calibration, type ScalingMethod } from './calibration.entity.js';
import { toColumns } from '../../to-columns.js';

/** Calibrations that are saved with models. */
export class CalibrationStore {
  constructor(private readonly dataSource: DataSource) {}

  byRow(row: number): Promise<Calibration | null> {
    return this.dataSource.getRepository(Calibration).findOneBy({ row });
  }

  /** Of the checkpoints that are there now, newest first. */
  ofModel(modelRow: number): Promise<Calibration[]> {
    return this.dataSource
      .getRepository(Calibration)
      .createQueryBuilder('c')
      .where('c.model_row = :modelRow', { modelRow })
      .andWhere('EXISTS (SELECT 1 FROM checkpoint k WHERE k.model_row = c.model_row AND k.sha256 = c.sha256)')
      .orderBy('c.row', 'DESC')
      .getMany();
  }

  /** The newest of a checkpoint by that method; null where none is saved. */
  ofCheckpoint({ modelRow, sha256 }: Checkpoint, method: ScalingMethod): Promise<Calibration | null> {
    return this.dataSource
      .getRepository(Calibration)
      .findOne({ where: { modelRow, sha256, method }, order: { createdAt: 'DESC', row: 'DESC' } });
  }

  /** In place of one of the same checkpoint, method and target. */
  async save(made: Omit<Calibration, 'row' | 'id' | 'createdAt' | 'model'>): Promise<Calibration> {
    const { modelRow, sha256, method, target } = made;
    const repository = this.dataSource.getRepository(Calibration);
    await repository.upsert(toColumns<Calibration>({ ...made, createdAt: new Date() }), [
      'modelRow',
      'sha256',
      'method',
      'target',
    ]);
    return repository.findOneByOrFail({ modelRow, sha256, method, target });
  }
}
