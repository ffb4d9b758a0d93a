import { Field, Float, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { FallbackRow } from '../settings/choices.js';
import { FusionSource, SharpeningAxis } from '../settings/protocol.js';
import { GivenDistribution } from './given-distribution.js';

/** The settings of a training that decide its class and fused distributions. */
@ObjectType({ description: 'The settings of a training that decide its class and fused distributions.' })
export class FusionSettings {
  @Field(() => Float, { description: 't: least diagonal of a mined class distribution.' })
  threshold!: number;

  @Field(() => FallbackRow, { description: 'What a class distribution below t becomes.' })
  fallback!: FallbackRow;

  @Field(() => Float, { nullable: true, description: 'Temperature T of L^(1/T); null: off.' })
  sharpening!: number | null;

  @Field(() => SharpeningAxis, { description: 'What a sharpened matrix is divided by.' })
  sharpeningAxis!: SharpeningAxis;

  @Field(() => Float, { description: 'w_min; with w_max equal to it v is the same for every sample.' })
  minimumFusionWeight!: number;

  @Field(() => Float, { description: 'w_max' })
  maximumFusionWeight!: number;

  @Field(() => FusionSource, { description: 'What is stretched to the fusion weight v.' })
  fusionSource!: FusionSource;

  @Field(() => [GivenDistribution], { description: 'Class distributions that are given instead of mined.' })
  replacedDistributions!: GivenDistribution[];
}

@ObjectType({
  implements: Node,
  description:
    'Fusion settings under a name, for trainings on one data set to start from (`StartTrainingInput.fusion`).',
})
@Entity({ name: 'saved_fusion' })
@Unique('saved_fusion_name', ['datasetRow', 'name'])
export class SavedFusion {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'saved_fusion_pk',
  })
  row!: number;

  get id(): string {
    return globalId('fusion', this.row);
  }

  @Field(() => String, { description: 'Unique among those of the data set.' })
  @Column({ type: 'text' })
  name!: string;

  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'saved_fusion_dataset_fk' })
  dataset!: Relation<Dataset>;

  @Field(() => FusionSettings, { description: 'What a training takes over.' })
  @Column({ type: 'jsonb' })
  settings!: FusionSettings;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
