import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Split } from '../../split.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import type { ReportService } from './report.service.js';
import { CalibrationReport, ClassAttention, HealthFinding, Predictor, Reference } from './run-reports.js';

const epochArgument = { nullable: true, description: 'Counted from 1. Default: the newest.' } as const;

@Resolver(() => TrainingRun)
export class RunReportsResolver {
  constructor(private readonly service: ReportService) {}

  @FieldResolver(() => CalibrationReport, {
    nullable: true,
    description:
      'Reliability bins and what follows from them. Null before the first epoch. INVALID_INPUT where the reference is not known.',
  })
  calibration(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, { description: 'Whose samples.' }) split: Split,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
    @Arg('predictor', () => Predictor, { defaultValue: Predictor.TARGET, description: 'Whose distributions.' })
    predictor: Predictor,
    @Arg('reference', () => Reference, { defaultValue: Reference.GIVEN, description: 'What is held to be true.' })
    reference: Reference,
  ): Promise<CalibrationReport | null> {
    return this.service.calibration(run, split, epoch ?? null, predictor, reference);
  }

  @FieldResolver(() => [ClassAttention], {
    description:
      'How the mean attention w spreads by given label, in the order of `Dataset.classes`. Empty before the first epoch.',
  })
  attentionByClass(
    @Root() run: TrainingRun,
    @Arg('split', () => Split, { description: 'Whose samples.' }) split: Split,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<ClassAttention[]> {
    return this.service.attentionByClass(run, split, epoch ?? null);
  }

  @FieldResolver(() => [HealthFinding], {
    description: 'Signs that training goes wrong, which hold after an epoch; empty where there is none.',
  })
  health(
    @Root() run: TrainingRun,
    @Arg('epoch', () => Int, epochArgument) epoch: number | null,
  ): Promise<HealthFinding[]> {
    return this.service.health(run, epoch ?? null);
  }
}
