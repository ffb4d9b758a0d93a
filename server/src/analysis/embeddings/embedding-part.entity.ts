import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Split } from '../../split.js';
import { Embedding } from './embedding.entity.js';

/** What features of a split were reduced to. N samples by their positions in the split; NaN for those without. */
@Entity({ name: 'embedding_part' })
export class EmbeddingPart {
  @PrimaryColumn({ name: 'embedding_row', type: 'int', primaryKeyConstraintName: 'embedding_part_pk' })
  embeddingRow!: number;

  @ManyToOne(() => Embedding, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'embedding_row', foreignKeyConstraintName: 'embedding_part_embedding_fk' })
  embedding!: Relation<Embedding>;

  @PrimaryColumn({ type: 'enum', enum: Split, enumName: 'split', primaryKeyConstraintName: 'embedding_part_pk' })
  split!: Split;

  /** `[N * K]` float32, little-endian: principal components, widest first. */
  @Column({ type: 'bytea' })
  components!: Buffer;

  /** `[N * 2]` float32, little-endian: UMAP. */
  @Column({ type: 'bytea' })
  places!: Buffer;
}
