import { FieldResolver, Float, Resolver, Root } from 'type-graphql';
import { Model } from '../model.entity.js';
import type { CalibrationStore } from './calibration-store.js';
import { Calibration, ScalingMethod } from './calibration.entity.js';

@Resolver(() => Calibration)
export class CalibrationResolver {
  @FieldResolver(() => Float, {
    nullable: true,
    description: 'T: above 1 the network was too sure; null for vector scaling.',
  })
  temperature(@Root() { method, factors }: Calibration): number | null {
    return method === ScalingMethod.TEMPERATURE ? 1 / factors[0] : null;
  }
}

@Resolver(() => Model)
export class ModelCalibrationsResolver {
  constructor(private readonly store: CalibrationStore) {}

  @FieldResolver(() => [Calibration], { description: 'Of the checkpoints that it has now, newest first.' })
  calibrations(@Root() { row }: Model): Promise<Calibration[]> {
    return this.store.ofModel(row);
  }
}
