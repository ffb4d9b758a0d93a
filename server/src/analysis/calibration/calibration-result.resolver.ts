import { Arg, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { Requires, Role } from '../../graphql/role.js';
import { Calibration, ScalingMethod, ScalingTarget } from '../../models/calibration/calibration.entity.js';
import { CheckpointKind } from '../../models/checkpoint.entity.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { CalibrationResult } from './calibrated-scores.js';
import type { CalibrationService } from './calibration.service.js';

@Resolver(() => TrainingRun)
export class RunCalibrationsResolver {
  constructor(private readonly service: CalibrationService) {}

  @Requires(Role.TRAINER)
  @Mutation(() => Calibration, {
    description:
      'Fits how sure the target distributions are to what they should be, on the validation split after the epoch of a checkpoint, and saves it with the model, in place of one of the same kind. `TrainingRun.calibrations` says what it does on the test split.',
  })
  calibrate(
    @Arg('run', () => ID, { description: 'Like `run_1`, trained here.' }) run: string,
    @Arg('method', () => ScalingMethod, { defaultValue: ScalingMethod.TEMPERATURE, description: 'How.' })
    method: ScalingMethod,
    @Arg('target', () => ScalingTarget, { defaultValue: ScalingTarget.LABELS, description: 'Fitted to.' })
    target: ScalingTarget,
    @Arg('checkpoint', () => CheckpointKind, {
      nullable: true,
      description: 'Whose probabilities. Default: BEST, else LAST.',
    })
    checkpoint: CheckpointKind | null,
  ): Promise<Calibration> {
    return this.service.fit(run, method, target, checkpoint ?? null);
  }

  @FieldResolver(() => [CalibrationResult], {
    description: 'Of its checkpoints, newest first, each before and after on the test split. Empty before `calibrate`.',
  })
  calibrations(@Root() run: TrainingRun): Promise<CalibrationResult[]> {
    return this.service.ofRun(run);
  }
}
