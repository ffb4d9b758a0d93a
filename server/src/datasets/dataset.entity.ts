import { Field, ObjectType } from 'type-graphql';
import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { globalId } from '../graphql/global-id.js';
import { Node } from '../graphql/node.js';
import type { ImportReport } from './imports/import-report.js';

/** Images and the labels given to them. Its classes are its own: any C >= 2, any names. */
@ObjectType({
  implements: Node,
  description: 'Images with given labels. Vectors of its samples are in the order of `classes`.',
})
@Entity({ name: 'dataset' })
export class Dataset {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('dataset', this.row);
  }

  @Field(() => String, { description: 'Unique, chosen at import.' })
  @Index('dataset_name_unique', { unique: true })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'The importer that read it: `ferplus`, `drawn-faces`, …' })
  @Column({ type: 'text' })
  format!: string;

  @Field(() => [String], {
    description: 'Class names, `[C]`. Every vector and matrix of this data set is in this order.',
  })
  @Column({ type: 'text', array: true })
  classes!: string[];

  /** The data directory that the images lie in, see `DataStore.id`; null where they lie elsewhere on the disk. */
  @Column({ name: 'image_store', type: 'uuid', nullable: true })
  imageStore!: string | null;

  /**
   * What the samples' `imagePath` is relative to: itself relative to the data directory, or absolute. See
   * `imageRootOf`. Never public.
   */
  @Column({ name: 'image_root', type: 'text' })
  imageRoot!: string;

  @Column({ name: 'import_report', type: 'jsonb' })
  importReport!: ImportReport;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
