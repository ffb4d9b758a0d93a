import DataLoader from 'dataloader';
import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { checkFirst, Connection, type Page } from '../../graphql/pagination.js';
import { CrossFit } from '../../runs/cross-fits/cross-fit.entity.js';
import { Measure } from '../record/measure.js';
import { ConfidentRule } from '../record/vocabulary.js';
import { CrossFitDetection, CrossFitJoint, CrossFitSuspect } from './cross-fit-result-types.js';
import type { CrossFitResultService } from './cross-fit-result.service.js';

const CrossFitSuspectConnection = Connection(CrossFitSuspect);

@Resolver(() => CrossFit)
export class CrossFitResultResolver {
  constructor(private readonly service: CrossFitResultService) {}

  @FieldResolver(() => Int, { description: 'Samples of folds whose runs are complete: judged by now.' })
  judged(@Root() crossFit: CrossFit): Promise<number> {
    return this.service.judged(crossFit);
  }

  @FieldResolver(() => CrossFitDetection, {
    nullable: true,
    description:
      'How well each score finds labels known to be wrong, in and out of sample. Null before the first fold is complete. INVALID_INPUT where no clean label is known.',
  })
  detection(@Root() crossFit: CrossFit): Promise<CrossFitDetection | null> {
    return this.service.detection(crossFit);
  }

  @FieldResolver(() => CrossFitJoint, {
    nullable: true,
    description: 'Who is labelled what and confidently of what, out of sample. Null before the first fold is complete.',
  })
  confidentJoint(
    @Root() crossFit: CrossFit,
    @Arg('rule', () => ConfidentRule, {
      defaultValue: ConfidentRule.CLEANLAB,
      description: 'Where a sample counts that reaches several thresholds.',
    })
    rule: ConfidentRule,
  ): Promise<CrossFitJoint | null> {
    return this.service.joint(crossFit, rule);
  }

  @FieldResolver(() => CrossFitSuspectConnection, {
    description: 'Samples of complete folds as the run judges them that never saw them, the most suspicious first.',
  })
  suspects(
    @Root() crossFit: CrossFit,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list.' }) after: string | null,
    @Arg('orderBy', () => Measure, {
      defaultValue: Measure.SELF_CONFIDENCE,
      description: 'A measure of the network with a suspicious end.',
    })
    measure: Measure,
    @Arg('suspectedOnly', () => Boolean, {
      defaultValue: true,
      description: 'Whether only those that confident learning suspects.',
    })
    suspectedOnly: boolean,
  ): Promise<Page<CrossFitSuspect>> {
    checkFirst(first);
    return this.service.suspects(crossFit, { measure, suspectedOnly }, { first, after: after ?? null });
  }
}

@Resolver(() => CrossFitSuspect)
export class CrossFitSuspectResolver {
  private readonly samples: DataLoader<number, Sample>;

  constructor(samples: SampleService) {
    this.samples = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => Sample, { description: 'Whose label is judged.' })
  sample(@Root() { sampleRow }: CrossFitSuspect): Promise<Sample> {
    return this.samples.load(sampleRow);
  }
}
