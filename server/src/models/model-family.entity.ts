import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Models that take each other's place, numbered 1, 2, … A number is never used twice. */
@Entity({ name: 'model_family' })
export class ModelFamilyRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'model_family_pk' })
  name!: string;

  @Column({ name: 'last_version', type: 'int' })
  lastVersion!: number;
}
