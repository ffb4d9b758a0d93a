import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Epoch } from '../../runs/recorded/epoch.entity.js';

/**
 * An epoch that is not the newest of its run and whose numbers were asked for: they are in `past_sample_analysis` until
 * others need the room.
 */
@Entity({ name: 'past_analysis' })
export class PastAnalysis {
  @PrimaryColumn({ name: 'epoch_row', type: 'int', primaryKeyConstraintName: 'past_analysis_pk' })
  epochRow!: number;

  @OneToOne(() => Epoch, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'epoch_row', foreignKeyConstraintName: 'past_analysis_epoch_fk' })
  epoch!: Relation<Epoch>;

  @Column({ type: 'int' })
  samples!: number;

  @Column({ name: 'used_at', type: 'timestamptz', default: () => 'now()' })
  usedAt!: Date;
}
