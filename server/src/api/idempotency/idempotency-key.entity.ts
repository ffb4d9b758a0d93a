import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A mutation that was asked for under a key of the client's. */
@Entity({ name: 'idempotency_key' })
export class IdempotencyKey {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'idempotency_key_pk' })
  key!: string;

  /** SHA-256 of the mutation's name and arguments. */
  @Column({ type: 'text' })
  request!: string;

  /** Global id of what the mutation answered with; null while it runs. */
  @Column({ name: 'result_id', type: 'text', nullable: true })
  resultId!: string | null;

  /** Renewed while the mutation runs; one that is past, without a result, was left by a server that is gone. */
  @Column({ name: 'held_until', type: 'timestamptz' })
  heldUntil!: Date;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
