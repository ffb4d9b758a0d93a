import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { globalId } from '../../graphql/global-id.js';
import { Node } from '../../graphql/node.js';
import { Dataset } from '../dataset.entity.js';
import type { FaceSet } from '../../drawn-faces/face-set.js';
import type { ImageStorage } from '../images/image-storage.js';
import type { ImportReport } from '../imports/import-report.js';

export enum ImportState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(ImportState, {
  name: 'ImportState',
  valuesConfig: {
    QUEUED: {
      description:
        'Waits for the import before it, or for the server to start again: an interrupted import begins anew.',
    },
    RUNNING: { description: 'Reads; `progress` says how far.' },
    COMPLETED: { description: '`dataset` is there; of a dry run `report`.' },
    FAILED: { description: '`error` says why; nothing was kept.' },
    CANCELLED: { description: 'A person stopped it; nothing was kept.' },
  },
});

export enum ImportPhase {
  DRAWING = 'DRAWING',
  UNPACKING = 'UNPACKING',
  READING = 'READING',
}
registerEnumType(ImportPhase, {
  name: 'ImportPhase',
  valuesConfig: {
    DRAWING: { description: 'Draws faces.' },
    UNPACKING: { description: 'Takes the files out of an uploaded archive.' },
    READING: { description: 'Reads rows and images.' },
  },
});

@ObjectType({ description: 'How far a running import is; renewed about twice a second.' })
export class ImportJobProgress {
  @Field(() => ImportPhase, { description: 'What it does.' })
  phase!: ImportPhase;

  @Field(() => Int, { description: 'Rows taken (READING), files unpacked (UNPACKING), or faces drawn (DRAWING).' })
  imported!: number;

  @Field(() => Int, { description: 'Rows left out.' })
  skipped!: number;

  @Field(() => Int, { nullable: true, description: 'Rows of the source, where that is known beforehand.' })
  expected!: number | null;
}

@ObjectType({ description: 'Why an import failed.' })
export class ImportJobError {
  @Field(() => String, { description: 'Stable, as in the errors of operations: INVALID_INPUT, CONFLICT, …' })
  code!: string;

  @Field(() => String, { description: 'What was expected and what was found.' })
  message!: string;
}

/** What was asked for, as it has to be known again after a restart. */
export interface ImportRequest {
  /** Absolute; null for an upload. */
  directory: string | null;
  upload: string | null;
  /** Drawn instead of read. */
  faces?: FaceSet;
  /** Null: to be found. */
  format: string | null;
  options: Record<string, string>;
  images: ImageStorage;
  /** Everything is read, nothing is kept. */
  dryRun?: boolean;
  /** Begins that did not end: a server died meanwhile. */
  attempts?: number;
}

@ObjectType({ implements: Node, description: 'An import that the server does in the background.' })
@Entity({ name: 'import_job' })
export class ImportJob {
  @PrimaryGeneratedColumn('identity', { generatedIdentity: 'ALWAYS', type: 'int' })
  row!: number;

  get id(): string {
    return globalId('import', this.row);
  }

  @Field(() => ImportState, { description: 'Where it stands.' })
  @Column({ type: 'enum', enum: ImportState, enumName: 'import_state', default: ImportState.QUEUED })
  state!: ImportState;

  /**
   * Data directory of the server that was asked: it alone has what is to be read. Null of jobs that are older than this
   * column.
   */
  @Column({ type: 'uuid', nullable: true })
  store!: string | null;

  @Column({ type: 'jsonb' })
  request!: ImportRequest;

  @Field(() => String, { nullable: true, description: 'The importer; null until it was found.' })
  @Column({ type: 'text', nullable: true })
  format!: string | null;

  @Field(() => String, { description: 'Of the data set.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'The directory, or the name of the uploaded file.' })
  @Column({ type: 'text' })
  source!: string;

  @Field(() => ImportJobProgress, { nullable: true, description: 'Null before it starts.' })
  @Column({ type: 'jsonb', nullable: true })
  progress!: ImportJobProgress | null;

  @Field(() => ImportJobError, { nullable: true, description: 'Null unless it failed.' })
  @Column({ type: 'jsonb', nullable: true })
  error!: ImportJobError | null;

  /** Of an import that took nothing, and of a dry run. */
  @Column({ type: 'jsonb', nullable: true })
  report!: ImportReport | null;

  @Field(() => Boolean, { description: 'The data set was there before, and the same: nothing was written.' })
  @Column({ type: 'boolean', default: false })
  unchanged!: boolean;

  @Column({ name: 'cancel_requested', type: 'boolean', default: false })
  cancelRequested!: boolean;

  @Index('import_job_dataset')
  @Column({ name: 'dataset_row', type: 'int', nullable: true })
  datasetRow!: number | null;

  @ManyToOne(() => Dataset, { onDelete: 'SET NULL', nullable: true })
  @JoinColumn({ name: 'dataset_row', foreignKeyConstraintName: 'import_job_dataset_fk' })
  dataset!: Relation<Dataset> | null;

  @Field(() => Date, { description: 'ISO 8601, UTC.' })
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null while it waits.' })
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'Null until it ended, however it did.' })
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
