import { Arg, Field, FieldResolver, ID, InputType, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Requires, Role } from '../../../graphql/role.js';
import { Model } from '../../../models/model.entity.js';
import { isRecorded, TrainingRun } from '../../training-run.entity.js';
import type { RecordingService } from '../recording.service.js';
import { RecordedWeights } from './recorded-weights.entity.js';
import type { WeightsService } from './weights.service.js';

@InputType({ description: 'How weights of a recorded run become a model.' })
export class ImportWeightsInput {
  @Field(() => ID, { description: 'Like `weights_1`.' })
  weights!: string;

  @Field(() => String, { nullable: true, description: 'Default: the run and the file.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The model becomes the next version of it. Default: its name.' })
  family?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'As in `ImportModelInput`: needed for a whole network whose file does not say, none for a backbone.',
  })
  classes?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'As in `ImportModelInput`.' })
  imageSize?: number | null;

  @Field(() => String, { nullable: true, description: 'As in `ImportModelInput`.' })
  part?: string | null;
}

@Resolver(() => TrainingRun)
export class WeightsResolver {
  constructor(
    private readonly weights: WeightsService,
    private readonly recordings: RecordingService,
  ) {}

  @Requires(Role.TRAINER)
  @Mutation(() => RecordedWeights, {
    description:
      'Keeps a file of weights with a run that was trained elsewhere, byte for byte; nothing in it is executed. The same bytes again are the same weights.',
  })
  async attachWeights(
    @Arg('run', () => ID, { description: 'Like `run_12`.' }) run: string,
    @Arg('upload', () => ID, { description: 'What `POST /uploads?name=…` answered with; it is used up.' })
    upload: string,
    @Arg('epoch', () => Int, { nullable: true, description: 'After which epoch, counted from 1.' })
    epoch?: number | null,
  ): Promise<RecordedWeights> {
    const recorded = await this.recordings.recordedRun(this.recordings.manager, run);
    return this.weights.attach(recorded, upload, epoch ?? null);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => Model, {
    description:
      'Makes a model of weights that were attached to a run, as `importModel` does of a file. CHECKPOINT_FORMAT or CHECKPOINT_WEIGHTS where it is no network that is known here.',
  })
  importWeights(@Arg('input', () => ImportWeightsInput) { weights, ...options }: ImportWeightsInput): Promise<Model> {
    return this.weights.import(weights, options);
  }

  @FieldResolver(() => [RecordedWeights], {
    name: 'weights',
    nullable: true,
    description: 'Files of weights that were attached to it; null for a run that was trained here, see `model`.',
  })
  attached(@Root() run: TrainingRun): Promise<RecordedWeights[]> | null {
    return isRecorded(run) ? this.weights.of(run.row) : null;
  }
}
