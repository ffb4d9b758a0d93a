import type { MigrationInterface, QueryRunner } from 'typeorm';

const measures = [
  'entropy',
  'margin',
  'self_confidence',
  'normalised_margin',
  'attention',
  'fusion_weight',
  'votes_kl_fused',
  'aum',
  'confidence',
  'variability',
];

/** A page of a list sorted by one of these is read from its index. */
export class IndexMeasures1795573800000 implements MigrationInterface {
  name = 'IndexMeasures1795573800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const measure of measures)
      await queryRunner.query(
        `CREATE INDEX "sample_analysis_${measure}" ON "sample_analysis" ("run_row", "${measure}", "sample_row")`,
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const measure of measures) await queryRunner.query(`DROP INDEX "sample_analysis_${measure}"`);
  }
}
