import { CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A data directory that files of this database lie in. */
@Entity({ name: 'known_store' })
export class KnownStore {
  /** See `DataStore.id`. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'known_store_pk' })
  id!: string;

  @CreateDateColumn({ name: 'known_since', type: 'timestamptz' })
  knownSince!: Date;
}
