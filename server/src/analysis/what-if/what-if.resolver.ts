import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Sample } from '../../datasets/sample.entity.js';
import type { SampleService } from '../../datasets/sample.service.js';
import { rowOf } from '../../graphql/global-id.js';
import { checkFirst } from '../../graphql/pagination.js';
import { Requires, Role } from '../../graphql/role.js';
import { SavedFusion } from '../../runs/fusions/saved-fusion.entity.js';
import type { SavedFusionService } from '../../runs/fusions/saved-fusion.service.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { Split } from '../../split.js';
import { WhatIf, WhatIfChange, WhatIfInput } from './what-if-types.js';
import type { WhatIfService } from './what-if.service.js';

@Resolver(() => TrainingRun)
export class RunWhatIfResolver {
  constructor(
    private readonly service: WhatIfService,
    private readonly fusions: SavedFusionService,
  ) {}

  @FieldResolver(() => WhatIf, {
    nullable: true,
    description:
      'What other settings of the fusion would make of what the run recorded, without training. Null before the first epoch. INVALID_INPUT for settings that cannot be.',
  })
  whatIf(
    @Root() run: TrainingRun,
    @Arg('input', () => WhatIfInput, { description: 'What is to be otherwise; {} changes nothing.' })
    input: WhatIfInput,
    @Arg('split', () => Split, { defaultValue: Split.TRAIN, description: 'Whose samples.' }) split: Split,
    @Arg('epoch', () => Int, { nullable: true, description: 'Counted from 1. Default: the newest.' })
    epoch: number | null,
  ): Promise<WhatIf | null> {
    return this.service.whatIf(run, { input, split, epoch: epoch ?? null });
  }

  @Requires(Role.TRAINER)
  @Mutation(() => SavedFusion, {
    description:
      "Keeps settings of a `whatIf` under a name, for trainings on the run's data set to start from (`StartTrainingInput.fusion`). Under a name that is taken they are replaced.",
  })
  async saveFusion(
    @Arg('run', () => ID, { description: 'Like `run_1`: whose settings fill what the input leaves out.' }) id: string,
    @Arg('name', () => String, { description: '1 to 100 characters.' }) name: string,
    @Arg('input', () => WhatIfInput, { description: 'What is to be otherwise.' }) input: WhatIfInput,
  ): Promise<SavedFusion> {
    const run = await this.service.run(rowOf('run', id, 'run'));
    return this.fusions.save(run.datasetRow, name, this.service.settings(run, input));
  }
}

@Resolver(() => WhatIf)
export class WhatIfResolver {
  @FieldResolver(() => [WhatIfChange], {
    description:
      'Samples whose fused distribution would change most: those that flip first, then by half the sum of |differences|.',
  })
  changes(
    @Root() whatIf: WhatIf,
    @Arg('first', () => Int, { defaultValue: 24, description: '1 to 1000.' }) first: number,
  ): WhatIfChange[] {
    checkFirst(first);
    return whatIf.changeOf(first);
  }
}

@Resolver(() => WhatIfChange)
export class WhatIfChangeResolver {
  private readonly byRow: DataLoader<number, Sample>;

  constructor(samples: SampleService) {
    // Batches what one tick asks for; nothing is kept, so nothing grows old.
    this.byRow = new DataLoader((rows) => samples.byRows(rows), { cache: false });
  }

  @FieldResolver(() => Sample, { description: 'Which.' })
  sample(@Root() { sampleRow }: WhatIfChange): Promise<Sample> {
    return this.byRow.load(sampleRow);
  }
}
