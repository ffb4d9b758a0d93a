import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { CheckpointKind } from '../../models/checkpoint.entity.js';
import { GivenDistributionInput } from '../fusions/given-distribution.js';
import { WorkerKind } from '../workers/worker-kind.js';
import { addSettingFields } from './setting-fields.js';
import { GivenSettingFields } from './training-settings.js';

export enum RetrainFrom {
  SCRATCH = 'SCRATCH',
  CHECKPOINT = 'CHECKPOINT',
}
registerEnumType(RetrainFrom, {
  name: 'RetrainFrom',
  description: 'With which weights a run is trained again.',
  valuesConfig: {
    SCRATCH: { description: 'Those that its seed draws: the two runs differ in their labels alone.' },
    CHECKPOINT: {
      description:
        'Those of a checkpoint of the run: fewer epochs are enough, and what it has memorised stays for a while.',
    },
  },
});

/** What a retraining changes; everything else is as in the run before. */
@InputType({ description: 'How a run is trained again. Everything left out is as in the run before.' })
export class RetrainInput extends GivenSettingFields {
  @Field(() => ID, { description: 'The corrected labels, a set of `Dataset.labelSets` of the same data set.' })
  labelSet!: string;

  @Field(() => RetrainFrom, { defaultValue: RetrainFrom.SCRATCH, description: 'With which weights it begins.' })
  from!: RetrainFrom;

  @Field(() => CheckpointKind, {
    nullable: true,
    description: 'Of CHECKPOINT: which one. Default: BEST where there is one, else LAST.',
  })
  checkpoint?: CheckpointKind | null;

  @Field(() => String, { nullable: true, description: 'Default: the name of the run before, with ", retrained".' })
  name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'A saved fusion in place of the settings that the run before was fused by. A setting given too wins.',
  })
  fusion?: string | null;

  @Field(() => [GivenDistributionInput], {
    nullable: true,
    description: 'Classes whose class distribution is given instead of mined. Default: as in the run before.',
  })
  replacedDistributions?: GivenDistributionInput[] | null;

  @Field(() => WorkerKind, { nullable: true, description: 'Which worker shall train it.' })
  worker?: WorkerKind | null;

  @Field(() => String, { nullable: true, description: 'Backend of its worker by name.' })
  backend?: string | null;
}
addSettingFields(RetrainInput, (setting) => ({
  nullable: true,
  description: `${setting.sentence} Default: as in the run before.`,
}));
