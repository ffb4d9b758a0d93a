import { Field, Int, ObjectType } from 'type-graphql';
import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { Dataset } from '../../datasets/dataset.entity.js';
import { Sample } from '../../datasets/sample.entity.js';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';

@ObjectType({ implements: Node, description: 'Somebody who rated samples of a data set before it came here.' })
@Entity({ name: 'rater' })
@Unique('rater_name_unique', ['datasetRow', 'name'])
export class Rater {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'int',
    primaryKeyConstraintName: 'rater_pkey',
  })
  row!: number;

  get id(): string {
    return globalId('rater', this.row);
  }

  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'rater_dataset' })
  dataset?: Relation<Dataset>;

  @Field(() => String, { description: 'As the source calls them; unique in the data set.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => Int, { description: 'Ratings they gave.' })
  @Column({ type: 'int' })
  ratings!: number;
}

@Entity({ name: 'rating' })
export class RatingRow {
  @PrimaryGeneratedColumn('identity', {
    generatedIdentity: 'ALWAYS',
    type: 'bigint',
    primaryKeyConstraintName: 'rating_pkey',
  })
  row!: string;

  @Index('rating_of_sample')
  @Column({ name: 'sample_row', type: 'int' })
  sampleRow!: number;

  @ManyToOne(() => Sample, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'sample_row', foreignKeyConstraintName: 'rating_sample' })
  sample?: Relation<Sample>;

  @Index('rating_of_rater')
  @Column({ name: 'rater_row', type: 'int' })
  raterRow!: number;

  @ManyToOne(() => Rater, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'rater_row', foreignKeyConstraintName: 'rating_rater' })
  rater?: Relation<Rater>;

  /** Class index. */
  @Column({ type: 'smallint' })
  label!: number;
}
