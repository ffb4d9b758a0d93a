import { Field, Int, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { Dataset } from '../dataset.entity.js';

/** Which samples it holds never changes, so that columns filtered by it stay the same for ever. */
@ObjectType({
  implements: Node,
  description: 'Samples that somebody picked and gave a name. Which they are never changes; filters take it as `list`.',
})
@Entity({ name: 'sample_list' })
@Index('sample_list_name_unique', ['datasetRow', 'name'], { unique: true })
export class SampleList {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('list', this.row);
  }

  @Column({ name: 'dataset_row', type: 'int' })
  datasetRow!: number;

  @ManyToOne(() => Dataset, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'sample_list_dataset' })
  dataset?: Relation<Dataset>;

  @Field(() => String, { description: 'Unique in its data set.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'How they were picked, in words.' })
  @Column({ type: 'text', nullable: true })
  note!: string | null;

  @Field(() => Int, { description: 'Samples in it.' })
  @Column({ type: 'int' })
  size!: number;

  /** Rows of samples, ascending. Read by SQL alone. */
  @Column({ name: 'sample_rows', type: 'int', array: true, select: false })
  sampleRows!: number[];

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
