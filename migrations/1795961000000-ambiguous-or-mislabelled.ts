import type { MigrationInterface, QueryRunner } from 'typeorm';

const measures = ['ambiguous', 'mislabelled', 'hard', 'true_kl_label', 'true_kl_fused', 'true_kl_target'];

/** New measures of samples. Epochs recorded before are measured again when they are next asked about. */
export class AmbiguousOrMislabelled1795961000000 implements MigrationInterface {
  name = 'AmbiguousOrMislabelled1795961000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const columns = measures.map((measure) => `ADD "${measure}" real`).join(', ');
    for (const table of ['sample_analysis', 'past_sample_analysis'])
      await queryRunner.query(`ALTER TABLE "${table}" ${columns}`);
    await queryRunner.query('UPDATE "sample_analysis" SET "aum" = NULL');
    await queryRunner.query('DELETE FROM "past_analysis"');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const columns = measures.map((measure) => `DROP COLUMN "${measure}"`).join(', ');
    for (const table of ['sample_analysis', 'past_sample_analysis'])
      await queryRunner.query(`ALTER TABLE "${table}" ${columns}`);
  }
}
